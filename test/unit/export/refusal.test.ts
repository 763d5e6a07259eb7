import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { axolotl, exportOf, script, unsloth } from './export-of';

const LLAMAFACTORY =
  'model_name_or_path: m\nstage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_target: q_proj\nlearning_rate: 1.0e-4\n';

describe('an export is refused', () => {
  it.each([
    [
      'a trainer without PEFT',
      readFileSync('examples/torchtune-llama.yaml', 'utf8'),
      'a.yaml',
      /PEFT builds.*torchtune/,
    ],
    ['kohya', readFileSync('examples/kohya-sdxl.toml', 'utf8'), 'a.toml', /Only a run whose adapter PEFT builds/],
    [
      'a part that was not understood',
      script({ before: 'args.learning_rate = rate' }),
      'train.py',
      /[Nn]ot understood: line/,
    ],
    [
      'an adapter without a learning rate',
      '{"peft_type": "LORA", "r": 8, "lora_alpha": 16}',
      'adapter_config.json',
      /[Nn]ot understood/,
    ],
    ['an optimizer of another package', axolotl('optimizer: came_pytorch'), 'a.yml', /cannot build .*CAME/],
    ['ADOPT', axolotl('optimizer: ademamix'), 'a.yml', /cannot build/],
    ['an init that needs data', script({ lora: ', init_lora_weights="corda"' }), 'train.py', /init corda builds/],
    ['a head', script({ lora: ', task_type="SEQ_CLS"' }), 'train.py', /task_type SEQ_CLS builds/],
    ['another kind of LoRA', script({ lora: ', layer_replication=[[0, 2]]' }), 'train.py', /layer_replication builds/],
    ['a continued adapter', axolotl('lora_model_dir: out'), 'a.yml', /lora_model_dir builds/],
    [
      'embeddings that Unsloth trains whole',
      unsloth().replace('["q_proj"]', '["q_proj", "lm_head"]'),
      'train.py',
      /target_modules builds/,
    ],
    [
      'experts that Unsloth adapts too',
      unsloth().replace('my/llama', 'unsloth/Qwen3-30B-A3B'),
      'train.py',
      /target_modules builds/,
    ],
    [
      'experts of a model that is named without a keyword',
      unsloth().replace('model_name="my/llama"', '"unsloth/gpt-oss-20b"'),
      'train.py',
      /target_modules builds/,
    ],
    ['targets by kinds of layers', unsloth('finetune_mlp_modules=True'), 'train.py', /finetune_mlp_modules builds/],
    ['rates of groups', axolotl('embedding_lr: 1e-5'), 'a.yml', /embedding_lr builds/],
    [
      'a schedule with a rate of its own',
      axolotl('lr_scheduler: cosine_with_min_lr', 'lr_scheduler_kwargs: {min_lr: 1e-5}'),
      'a.yml',
      /schedule.*cosine_with_min_lr/,
    ],
    [
      'arguments of a schedule',
      axolotl('lr_scheduler: cosine', 'lr_scheduler_kwargs: {num_cycles: 2}'),
      'a.yml',
      /schedule.*lr_scheduler_kwargs/,
    ],
    [
      'LoRA+ on embeddings',
      axolotl('loraplus_lr_ratio: 4', 'lora_target_modules: [q_proj, embed_tokens]'),
      'a.yml',
      /LoRA\+ ratio/,
    ],
    [
      'targets beside all linear layers',
      axolotl('lora_target_linear: true', 'lora_target_modules: [wte]'),
      'a.yml',
      /target_modules builds/,
    ],
    ['a resized vocabulary', `${LLAMAFACTORY}resize_vocab: true\n`, 'a.yaml', /resize_vocab builds/],
  ])('for %s', (_, text, name, message) => {
    const made = exportOf(text, name, { alpha: 64 });
    expect(made).toHaveProperty('refused');
    expect('refused' in made ? made.refused : '').toMatch(message);
    expect('refused' in made ? made.refused : '').toMatch(/^[^\n]+\.$/);
  });

  it('for a pattern inside an adapter', () => {
    const text = script({ lora: ', rank_pattern={"k_proj": 4}' });
    expect(exportOf(text, 'train.py', { alpha: 64 }, undefined, 6, 1)).toEqual({
      refused: expect.stringMatching(/k_proj is a pattern inside an adapter.*choose lora/) as string,
    });
  });

  it('for the scaling that the config has', () => {
    expect(exportOf(axolotl(), 'a.yml', { alpha: 16 })).toEqual({
      refused: expect.stringMatching(/nothing to check/) as string,
    });
  });

  it('for a switch of rsLoRA with several ranks', () => {
    const text = script({ lora: ', rank_pattern={"k_proj": 4}, alpha_pattern={"k_proj": 8}' });
    expect(exportOf(text, 'train.py', { rslora: true })).toEqual({
      refused: expect.stringMatching(/several ranks/) as string,
    });
  });
});
