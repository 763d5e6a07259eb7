import { describe, expect, it } from 'vitest';
import { configRecipe } from '../../../../src/config/compare/config-recipe';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import { exportConversion } from '../../../../src/export/conversion/export-conversion';
import { axolotl, script } from '../export-of';

function said(text: string, name: string, id = 'symmetric', alpha = 64): string {
  const reading = readConfig(text, name);
  const chosen = configRecipe(text, reading, 0);
  const plans = planConfig(text, reading, 0, { alpha });
  const plan = plans.plans.find((one) => one.id === id);
  if (!chosen || !plan) throw new Error(`${name} has no plan ${id}: ${plans.refusal?.message ?? ''}`);
  const made = exportConversion({ ...chosen, name, plans, plan });
  return 'text' in made ? made.text : made.refused;
}

/** The docstring of a file, as one line. */
function topOf(text: string): string {
  return text.slice(0, text.indexOf('\nimport ')).replaceAll('\n', ' ');
}

const KWARGS = ', lr_scheduler_type="cosine_with_min_lr", lr_scheduler_kwargs=';
const AXOLOTL = axolotl('optimizer: adamw_torch');

describe('the conversion of a checkpoint', () => {
  it.each([
    ['symmetric', 'P, Q = 2, 2 '],
    ['keep-init', 'P, Q = 1, 4 '],
  ])('has the split of the plan %s', (id, expected) => {
    expect(said(AXOLOTL, 'train.yml', id)).toContain(expected);
  });

  it.each([
    [
      'a floor of the schedule',
      script({ args: `${KWARGS}{"min_lr": 1e-5}` }),
      'symmetric',
      'lr_scheduler_kwargs.min_lr 5e-6',
    ],
    ['clipping and eps, which are defaults', script(), 'symmetric', 'max_grad_norm 2.0, adam_epsilon 2e-8'],
    [
      'numbers of one factor',
      script({ args: ', max_grad_norm=0.0' }),
      'keep-init',
      'learning_rate of B 5.0e-4, adam_epsilon of B 4.0e-8',
    ],
  ])('names every number of the plan at its top: %s', (_, text, id, expected) => {
    const top = topOf(said(text, 'train.py', id));
    expect(top).toContain(`Set lora_alpha 64`);
    expect(top).toContain(expected);
    expect(top).not.toMatch(/init of|the code/i);
  });

  it('says what makes the plan less than exact, but not that the run goes on', () => {
    const resumed = script({ args: ', max_grad_norm=0.0' }).replace('train()', 'train(resume_from_checkpoint="out/x")');
    expect(topOf(said(resumed, 'train.py'))).not.toContain('The plan is');
    const saved = script({ lora: ', modules_to_save=["lm_head"]' });
    expect(topOf(said(saved, 'train.py'))).toContain('The plan is approximate: modules_to_save trains whole modules');
  });

  it.each([
    ['a plan that is another run', AXOLOTL, 'train.yml', 'lr-only', /changes the learning rate alone/],
    [
      'an adapter that PEFT does not build',
      'pretrained_model_name_or_path = "x"\nnetwork_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 16\nlearning_rate = 1e-4\noptimizer_type = "AdamW"\n',
      'kohya.toml',
      'symmetric',
      /^Only checkpoints with an adapter of PEFT can be converted; the format of kohya/,
    ],
    [
      'an init that takes scaling·B·A from the frozen weights',
      script({ lora: ', init_lora_weights="olora"' }),
      'train.py',
      'symmetric',
      /^A run with the init OLoRA cannot be converted/,
    ],
    ['an optimizer without a rule', axolotl('optimizer: came_pytorch'), 'train.yml', 'symmetric', /^No rule is known/],
  ])('is refused of %s', (_, text, name, id, message) => {
    expect(said(text, name, id)).toMatch(message);
  });
});
