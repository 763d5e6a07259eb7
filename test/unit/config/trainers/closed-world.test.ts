import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../../src/config/read';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const FACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const SWIFT = 'model: m\ndataset: d\ntuner_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const TRL = 'model_name_or_path: m\nuse_peft: true\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\n';
const SHELL = 'llamafactory-cli train --stage sft --finetuning_type lora --lora_rank 8 --lora_alpha 16';

/** A line that is not understood: the text of it, and whether it may hold a number that has to move. */
type Named = readonly [source: string, mayMove: boolean] | null;

// prettier-ignore
const CASES: readonly (readonly [name: string, path: string, text: string, named: Named])[] = [
  ['an argument of a later LLaMA-Factory', 'f.yaml', `${FACTORY}use_soap: true\n`, ['use_soap: true', false]],
  ['the same, switched off', 'f.yaml', `${FACTORY}use_soap: false\n`, null],
  ['a rate that LLaMA-Factory does not have', 'f.yaml', `${FACTORY}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['an old switch of the optimizer', 'f.yaml', `${FACTORY}adafactor: true\n`, ['adafactor: true', false]],
  ["another trainer's backend", 'f.yaml', `${FACTORY}use_mca: true\n`, ['use_mca: true', false]],
  ['arguments of the data', 'f.yaml', `${FACTORY}dataset: a\ncutoff_len: 64\npacking: true\nreport_to: none\n`, null],
  ['an unknown flag', 'f.sh', `${SHELL} --learning_rate 1e-4 --lora_b_lr 1e-3\n`, ['--lora_b_lr 1e-3', true]],
  ['known flags', 'f.sh', `${SHELL} --learning_rate 1e-4 --bf16 --logging_steps 10\n`, null],
  ['an argument of a later ms-swift', 's.yaml', `${SWIFT}lora_b_decay: 0.1\n`, ['lora_b_decay: 0.1', true]],
  ["ms-swift's own LoRA layers", 's.yaml', `${SWIFT}use_swift_lora: true\n`, ['use_swift_lora: true', false]],
  ['a callback', 's.yaml', `${SWIFT}callbacks: my_callback\n`, ['callbacks: my_callback', false]],
  ["the callback of a plan's own code", 's.yaml', `${SWIFT}external_plugins: rescale_init.py\ncallbacks: rescale_init\n`, null],
  ['data and rewards of ms-swift', 's.yaml', `${SWIFT}torch_dtype: bfloat16\nnum_generations: 4\nreward_funcs: accuracy\n`, null],
  ['a key of a later Axolotl', 'a.yml', `${AXOLOTL}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ['a trainer of a plugin', 'a.yml', `${AXOLOTL}trainer_cls: my.Trainer\n`, ['trainer_cls: my.Trainer', false]],
  ['a plugin', 'a.yml', `${AXOLOTL}plugins: [my.plugin.Optimizer]\n`, ['plugins: [my.plugin.Optimizer]', false]],
  ["the plugin of a plan's own code", 'a.yml', `${AXOLOTL}plugins: [rescale_init.RescaleInit]\n`, null],
  ['kernels', 'a.yml', `${AXOLOTL}plugins:\n  - axolotl.integrations.liger.LigerPlugin\nliger_rope: true\n`, null],
  ['Grokfast', 'a.yml', `${AXOLOTL}plugins: [axolotl.integrations.grokfast.GrokfastPlugin]\ngrokfast_alpha: 0.98\n`, ['plugins: [axolotl.integrations.grokfast.GrokfastPlugin]', false]],
  ['unfrozen weights', 'a.yml', `${AXOLOTL}unfrozen_parameters: [lm_head]\n`, ['unfrozen_parameters: [lm_head]', false]],
  ["Axolotl's data", 'a.yml', `${AXOLOTL}sequence_len: 64\nmy_note: hello\nwandb_project: p\n`, null],
  ['a key of a later TRL', 't.yaml', `${TRL}lora_b_lr: 1.0e-3\n`, ['lora_b_lr: 1.0e-3', true]],
  ["a script's own key", 't.yaml', `${TRL}system_prompt: hello\nreward_scale: 2\n`, null],
  ["a DeepSpeed file of one's own", 'f.yaml', `${FACTORY}deepspeed: my/ds.json\n`, ['deepspeed: my/ds.json', false]],
  ["LLaMA-Factory's DeepSpeed file", 'f.yaml', `${FACTORY}deepspeed: examples/deepspeed/ds_z3_config.json\n`, null],
  ["Axolotl's DeepSpeed file", 'a.yml', `${AXOLOTL}deepspeed: deepspeed_configs/zero2.json\n`, null],
  ["ms-swift's DeepSpeed by its word", 's.yaml', `${SWIFT}deepspeed: zero3\n`, null],
  ['an optimizer of DeepSpeed', 'a.yml', `${AXOLOTL}deepspeed: {zero_optimization: {stage: 1}, optimizer: {type: Lamb, params: {lr: 1.0e-3}}}\n`, ['optimizer: {type: Lamb, params: {lr: 1.0e-3}}', true]],
  ['a clip threshold of DeepSpeed', 'a.yml', `${AXOLOTL}deepspeed: {gradient_clipping: 0.3}\n`, ['gradient_clipping: 0.3', true]],
  ['DeepSpeed that takes the numbers over', 'a.yml', `${AXOLOTL}deepspeed: {gradient_clipping: auto, zero_optimization: {stage: 2}}\n`, null],
];

describe('what a config holds that its trainer may not have', () => {
  it.each(CASES)('%s', (_, path, text, named) => {
    const { recipes, notUnderstood } = readConfig(text, path);
    expect(recipes).toHaveLength(1);
    const found = notUnderstood.map(({ source, mayMove }) => [source, mayMove]);
    if (named === null) expect(found).toEqual([]);
    else expect(found).toContainEqual([...named]);
  });
});
