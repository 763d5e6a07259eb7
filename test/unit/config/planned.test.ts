import { describe, expect, it } from 'vitest';
import { planConfig, type ConfigPlan } from '../../../src/config/planned';
import type { ConfigChange } from '../../../src/config/plan/changes';
import { readConfig } from '../../../src/config/read';
import type { PlanId } from '../../../src/recipe/plans/plan';
import { RecipeError } from '../../../src/recipe/recipe';
import { AXOLOTL, KOHYA, LLAMAFACTORY, PEFT, TORCHTUNE, type Sample } from './samples';

const plans = ({ text, path }: Sample, alpha: number, index = 0): ReturnType<typeof planConfig> =>
  planConfig(text, readConfig(text, path), index, alpha, {});
function plan(sample: Sample, alpha: number, id: PlanId = 'symmetric', index = 0): ConfigPlan {
  const found = plans(sample, alpha, index).plans.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no plan ${id}`);
  return found;
}
const table = ({ rows }: ConfigPlan): unknown[] => rows.map(({ key, from, to, where }) => [key, from, to, where]);
const row = (found: ConfigPlan, key: string): ConfigChange | undefined => found.rows.find((each) => each.key === key);

describe('planConfig', () => {
  it('says in the words of the file what moves, and what nobody wrote down', () => {
    const found = plan(AXOLOTL, 64);
    expect(found.exactness).toBe('exact');
    expect(table(found)).toEqual([
      ['lora_alpha', '16', '64', 'file'],
      ['learning_rate', '3e-4', '1.5e-4', 'file'],
      ['weight_decay', '0.01', '0.02', 'file'],
      ['max_grad_norm', '1.0', '2.0', 'default'],
      ['adam_epsilon', '1e-8', '2e-8', 'default'],
      ['init of A', '1', '0.5', 'code'],
    ]);
    expect(row(found, 'learning_rate')).toMatchObject({ line: 7, law: '÷ √k', factor: 0.5, written: 1.5e-4 });
    expect(found.rows.every(({ why }) => why.length > 20)).toBe(true);
  });

  it('moves the default alpha too', () => {
    expect(table(plan(LLAMAFACTORY, 64))[0]).toEqual(['lora_alpha', '16', '64', 'default']);
  });

  it('moves every scaling and every rate of the run by the same factor', () => {
    expect(table(plan(KOHYA, 48)).slice(0, 4)).toEqual([
      ['network_alpha', '16', '48', 'file'],
      ['network_args.conv_alpha', '4', '12', 'file'],
      ['unet_lr', '1e-4', '5.7735e-5', 'file'],
      ['text_encoder_lr', '5e-5', '2.88675e-5', 'file'],
    ]);
    // Asked from the other network's side.
    expect(table(plan(KOHYA, 12, 'symmetric', 1)).slice(0, 2)).toEqual([
      ['network_args.conv_alpha', '4', '12', 'file'],
      ['network_alpha', '16', '48', 'file'],
    ]);
  });

  it('moves the patterns of an adapter, and leaves the rest to the script', () => {
    const found = plan(PEFT, 128);
    expect(table(found)).toEqual([
      ['lora_alpha', '64', '128', 'file'],
      ['alpha_pattern.model.layers.0.q_proj', '16', '32', 'file'],
      ['alpha_pattern.v_proj', '32', '64', 'file'],
      ['learning_rate', null, null, 'script'],
      ['weight_decay', null, null, 'script'],
      ['max_grad_norm', null, null, 'script'],
      ['adam_epsilon', null, null, 'script'],
      ['init of A', '1', '0.707107', 'code'],
    ]);
    expect(row(found, 'max_grad_norm')).toMatchObject({ factor: Math.SQRT2, law: '× √k', written: null });
  });

  it('moves absolute floors of the schedule with the rate', () => {
    const text = `${AXOLOTL.text}lr_scheduler: cosine_with_min_lr\nlr_scheduler_kwargs:\n  min_lr: 3e-6\nloraplus_lr_embedding: 1e-6\n`;
    const keys = table(plan({ ...AXOLOTL, text }, 64));
    expect(keys).toContainEqual(['lr_scheduler_kwargs.min_lr', '3e-6', '1.5e-6', 'file']);
    expect(keys).toContainEqual(['loraplus_lr_embedding', '1e-6', '5e-7', 'file']);
  });

  it('moves the learning rate alone under lr-only', () => {
    expect(table(plan(AXOLOTL, 64, 'lr-only'))).toEqual([
      ['lora_alpha', '16', '64', 'file'],
      ['learning_rate', '3e-4', '7.5e-5', 'file'],
    ]);
  });

  it('does not touch a clip that is off', () => {
    expect(plan(TORCHTUNE, 64).rows.map(({ key }) => key)).not.toContain('clip_grad_norm');
  });

  it('is less than exact where other parameters share the rate', () => {
    const text = `${AXOLOTL.text}lora_modules_to_save: [embed_tokens]\n`;
    const found = plan({ ...AXOLOTL, text }, 64);
    expect(found.exactness).toBe('approximate');
    expect(found.caveats.map(({ code }) => code)).toContain('unscaled-parameters');
  });

  it('carries the init code with its numbers, and says where it goes', () => {
    expect(plan(AXOLOTL, 64).code).toMatch(/post_trainer_create[\s\S]*p\.data\.div_\(2\.0\)/);
    expect(plan(PEFT, 192).code).toMatch(/get_peft_model[\s\S]*p\.data\.div_\(1\.732050807568877\d*\)/);
    expect(plan(LLAMAFACTORY, 64).code).toMatch(/on_init_end/);
    expect(plan(TORCHTUNE, 64).code).toMatch(/_setup_model[\s\S]*lora_a/);
    expect(plan(KOHYA, 64).code).toMatch(/train_network\.py[\s\S]*lora_down/);
    expect(plan(AXOLOTL, 64, 'lr-only').code).toBeNull();
    expect(plan({ ...LLAMAFACTORY, text: `${LLAMAFACTORY.text}pissa_init: true\n` }, 64).code).toBeNull();
  });

  it('says that Axolotl takes whole alphas only', () => {
    expect(plan(AXOLOTL, 22.5).caveats.find(({ code }) => code === 'alpha-not-whole')?.message).toMatch(/22 or 23/);
    expect(plan(TORCHTUNE, 22.5).caveats.map(({ code }) => code)).not.toContain('alpha-not-whole');
  });

  it('moves nothing that the trainer does not take, and says so', () => {
    const withRatio = (lines: string): ConfigPlan =>
      plan({ ...AXOLOTL, text: `${AXOLOTL.text}loraplus_lr_ratio: 16\n${lines}` }, 64);
    const decayOff = withRatio('');
    expect(decayOff.exactness).toBe('exact');
    expect(row(decayOff, 'weight_decay')).toBeUndefined();
    expect(decayOff.caveats.find(({ code }) => code === 'decay-ignored')?.message).toMatch(/0\.01 is off/);
    const limits = withRatio('lora_modules_to_save: [lm_head]\n').caveats.map((caveat) => caveat.limits);
    expect(limits.indexOf('approximate')).toBe(0);
    const ratioOff = withRatio('lr_groups:\n  - name: heads\n    modules: [lm_head]\n    lr: 1e-5\n');
    expect(row(ratioOff, 'weight_decay')?.to).toBe('0.02');
    expect(ratioOff.caveats.map(({ code }) => code)).toContain('loraplus-ignored');
    expect(ratioOff.caveats.map(({ code }) => code)).not.toContain('loraplus-ratio-stays');
  });

  it('writes as many digits as asked for', () => {
    const reading = readConfig(AXOLOTL.text, AXOLOTL.path);
    const [found] = planConfig(AXOLOTL.text, reading, 0, 48, { digits: 3 }).plans;
    expect(found && row(found, 'learning_rate')?.to).toBe('1.73e-4');
  });

  it('refuses what holds no recipe, with the reason', () => {
    expect(plans({ path: 'x.yml', text: 'a: 1\n' }, 64).refusal?.code).toBe('nothing-to-plan');
    expect(plans({ ...AXOLOTL, text: AXOLOTL.text.replace('16 #', '0 #') }, 64).refusal?.message).toMatch(
      /lora_alpha is 0/,
    );
    expect(plans({ ...AXOLOTL, text: AXOLOTL.text.replace('adamw_torch', 'polora') }, 64).refusal?.code).toBe(
      'optimizer-unknown',
    );
    expect(plans(AXOLOTL, 64, 5).refusal?.code).toBe('nothing-to-plan');
    const text = 'from peft import LoraConfig\nLoraConfig(r=args.rank, lora_alpha=16)\n';
    expect(plans({ path: 'x.py', text }, 64).refusal).toMatchObject({
      code: 'value-elsewhere',
      message: expect.stringContaining('r is args.rank') as string,
    });
  });

  it.each([0, -1, Number.NaN, Infinity])('throws for the alpha %s', (alpha) => {
    expect(() => plans(AXOLOTL, alpha)).toThrow(RecipeError);
  });
});
