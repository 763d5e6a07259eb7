import { describe, expect, it } from 'vitest';
import { configRecipe } from '../../../../src/config/compare/config-recipe';
import { interpretationOf, readConfig } from '../../../../src/config/read';
import { adapterOf } from '../../../../src/export/run/adapter';
import { axolotl, script, unsloth } from '../export-of';

function built(text: string, name: string): ReturnType<typeof adapterOf> {
  const reading = readConfig(text, name);
  const file = interpretationOf(text, reading, 0)?.file;
  const recipe = configRecipe(text, reading, 0)?.recipe;
  if (!file?.layout.peft || !recipe) throw new Error('PEFT does not build it');
  return adapterOf(recipe, file.root, file.layout.peft);
}

const LLAMAFACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlearning_rate: 1.0e-4\n';

describe('the arguments of LoraConfig', () => {
  it.each([
    ['a script', script(), 'train.py', { r: 8, target_modules: ['q_proj', 'v_proj'] }],
    [
      'a script that leaves the targets to PEFT',
      script().replace(/, target_modules=\[.*?\]/, ''),
      'train.py',
      { r: 8 },
    ],
    [
      'bias and init',
      script({ lora: ', bias="lora_only", init_lora_weights="gaussian"' }),
      'train.py',
      { bias: 'lora_only', init_lora_weights: 'gaussian' },
    ],
    ['a task type without a head', script({ lora: ', task_type="CAUSAL_LM"' }), 'train.py', { r: 8 }],
    [
      'Axolotl',
      axolotl('lora_target_modules: [q_proj]', 'lora_modules_to_save: [lm_head]'),
      'a.yml',
      { target_modules: ['q_proj'], modules_to_save: ['lm_head'] },
    ],
    [
      'Axolotl with all linear layers',
      axolotl('lora_target_modules: [q_proj]', 'lora_target_linear: true'),
      'a.yml',
      { target_modules: 'all-linear' },
    ],
    [
      'LLaMA-Factory',
      `${LLAMAFACTORY}lora_target: q_proj,v_proj\npissa_init: true\nadditional_target: a,b\n`,
      'a.yaml',
      { target_modules: ['q_proj', 'v_proj'], init_lora_weights: 'pissa_niter_16', modules_to_save: ['a', 'b'] },
    ],
    [
      'LLaMA-Factory with one module trained whole',
      `${LLAMAFACTORY}additional_target: lm_head\n`,
      'a.yaml',
      { target_modules: 'all-linear', modules_to_save: ['lm_head'] },
    ],
    ['LLaMA-Factory with all layers', `${LLAMAFACTORY}lora_target: all\n`, 'a.yaml', { target_modules: 'all-linear' }],
    [
      'Unsloth',
      unsloth('r=8, bias="none", use_gradient_checkpointing="unsloth", random_state=3407, loftq_config=None'),
      'train.py',
      { r: 8, target_modules: ['q_proj'], bias: 'none' },
    ],
    [
      'TRL',
      'model_name_or_path: m\nuse_peft: true\nlora_r: 4\nlora_alpha: 8\nlearning_rate: 1e-4\n',
      'a.yaml',
      { r: 4, lora_dropout: 0.05 },
    ],
  ])('of %s', (_, text, name, fields) => {
    expect(built(text, name)).toMatchObject({ fields, alphaPattern: null });
  });

  it('keeps the alphas of patterns apart, because they change with alpha', () => {
    const text = script({ lora: ', rank_pattern={"k_proj": 4}, alpha_pattern={"k_proj": 8}' });
    expect(built(text, 'train.py')).toMatchObject({
      fields: { rank_pattern: { dict: { k_proj: 4 } } },
      alphaPattern: { k_proj: 8 },
    });
  });
});
