import { describe, expect, it } from 'vitest';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import type { PlanId } from '../../../../src/recipe/plans/plan';

const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\nmax_grad_norm: 0.0\n';
const FACTORY =
  'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\nmax_grad_norm: 0.0\n';
const SWIFT =
  'model: m\ndataset: d\ntuner_type: lora\nlora_rank: 8\nlora_alpha: 16\nlearning_rate: 1.0e-4\nmax_grad_norm: 0.0\nweight_decay: 0.0\n';

/** The caveats that take a plan below exact, or `exact`. */
function limits(text: string, path: string, id: PlanId): string[] | 'exact' {
  const { plans, refusal } = planConfig(text, readConfig(text, path), 0, 64);
  if (refusal) return [refusal.code];
  const plan = plans.find((one) => one.id === id);
  if (!plan) return ['no plan'];
  return plan.exactness === 'exact'
    ? 'exact'
    : plan.caveats.filter(({ limits }) => limits === 'approximate').map(({ code }) => code);
}

/** What a file has that keeps the symmetric plan from being exact, and the caveat that says so. */
const CASES: readonly (readonly [name: string, path: string, text: string, code: string | null])[] = [
  ['Axolotl alone', 'a.yml', AXOLOTL, null],
  ['ReLoRA, which draws A anew', 'a.yml', `${AXOLOTL}relora: true\njagged_restart_steps: 6\n`, 'redrawn-factors'],
  ['ReLoRA that is off', 'a.yml', `${AXOLOTL}relora: false\n`, null],
  ['a reward model', 'a.yml', `${AXOLOTL}reward_model: true\n`, 'unscaled-parameters'],
  ['a reward model of the process', 'a.yml', `${AXOLOTL}process_reward_model: true\n`, 'unscaled-parameters'],
  [
    'a classifier by its class',
    'a.yml',
    `${AXOLOTL}type_of_model: AutoModelForSequenceClassification\n`,
    'unscaled-parameters',
  ],
  ['a language model by its class', 'a.yml', `${AXOLOTL}type_of_model: AutoModelForCausalLM\n`, null],
  ["Axolotl's trained adapter", 'a.yml', `${AXOLOTL}lora_model_dir: ./first\n`, 'continues-adapter'],
  ['a rate of the embeddings', 'a.yml', `${AXOLOTL}embedding_lr: 1.0e-5\n`, 'lr-groups'],
  [
    'a LoRA on the embeddings under LoRA+',
    'a.yml',
    `${AXOLOTL}lora_target_modules: [q_proj, embed_tokens]\nloraplus_lr_ratio: 4\n`,
    'loraplus-embeddings',
  ],
  [
    'the same with its rate',
    'a.yml',
    `${AXOLOTL}lora_target_modules: [q_proj, embed_tokens]\nloraplus_lr_ratio: 4\nloraplus_lr_embedding: 1.0e-6\n`,
    null,
  ],
  ['LLaMA-Factory alone', 'f.yaml', FACTORY, null],
  ["LLaMA-Factory's trained adapter", 'f.yaml', `${FACTORY}adapter_name_or_path: first\n`, 'continues-adapter'],
  ['new words in the vocabulary', 'f.yaml', `${FACTORY}resize_vocab: true\n`, 'unscaled-parameters'],
  [
    'new words by a flag alone',
    'f.sh',
    'llamafactory-cli train --stage sft --finetuning_type lora --lora_rank 8 --lora_alpha 16 --learning_rate 1e-4 --resize_vocab\n',
    'unscaled-parameters',
  ],
  ['new words by their list', 'f.yaml', `${FACTORY}add_special_tokens: "<a>,<b>"\n`, 'unscaled-parameters'],
  ['new words by their file', 'f.yaml', `${FACTORY}new_special_tokens_config: t.yaml\n`, 'unscaled-parameters'],
  ['LISA, which trains whole layers', 'a.yml', `${AXOLOTL}lisa_n_layers: 4\nlisa_step_interval: 9\n`, 'not-understood'],
  ['a value head', 'f.yaml', FACTORY.replace('sft', 'ppo'), 'value-head'],
  [
    "LLaMA-Factory's LoRA on the embeddings under LoRA+",
    'f.yaml',
    `${FACTORY}lora_target: embed_tokens,q_proj\nloraplus_lr_ratio: 4.0\n`,
    'loraplus-embeddings',
  ],
  ['LoRA on the embeddings without LoRA+', 'f.yaml', `${FACTORY}lora_target: embed_tokens,q_proj\n`, null],
  ['ms-swift alone', 's.yaml', SWIFT, null],
  ['a classifier', 's.yaml', `${SWIFT}task_type: seq_cls\nnum_labels: 2\n`, 'unscaled-parameters'],
  ['a classifier by its labels', 's.yaml', `${SWIFT}num_labels: 2\n`, 'unscaled-parameters'],
  ['a reranker', 's.yaml', `${SWIFT}task_type: reranker\n`, 'unscaled-parameters'],
  ['embeddings, which have no head', 's.yaml', `${SWIFT}task_type: embedding\n`, null],
  ['a reward model of ms-swift', 's.yaml', `${SWIFT}rlhf_type: rm\n`, 'unscaled-parameters'],
  ['a value model', 's.yaml', `${SWIFT}rlhf_type: ppo\n`, 'unscaled-parameters'],
  ["the model's own biases", 's.yaml', `${SWIFT}lora_bias: all\n`, 'trained-biases'],
  ["ms-swift's trained adapter", 's.yaml', `${SWIFT}adapters: first\n`, 'continues-adapter'],
  ['GaLore', 's.yaml', `${SWIFT}use_galore: true\n`, 'optimizer-unknown'],
  [
    "ms-swift's LoRA on the embeddings under LoRA+",
    's.yaml',
    `${SWIFT}target_modules: all-embedding\nlorap_lr_ratio: 4\n`,
    'loraplus-embeddings',
  ],
];

const SCRIPT = `from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16), autocast_adapter_dtype=False)
Trainer(model=model, args=TrainingArguments("o", learning_rate=1e-4, max_grad_norm=0.0)).train()
`;
const TORCHTUNE =
  'model: {_component_: torchtune.models.llama3.lora_llama3_8b, lora_rank: 8, lora_alpha: 16}\noptimizer: {_component_: torch.optim.AdamW, lr: 1.0e-4}\n';
const LITGPT =
  'checkpoint_dir: c\nlora_r: 8\nlora_alpha: 16\noptimizer: {class_path: torch.optim.AdamW, init_args: {lr: 1.0e-4}}\n';
const ONETRAINER =
  '{"__version": 10, "training_method": "LORA", "lora_rank": 8, "lora_alpha": 16, "learning_rate": 1e-4';

describe("LoRA's own weights in 16 bits", () => {
  it.each([
    ['Axolotl', 'a.yml', `${AXOLOTL}peft_autocast_adapter_dtype: false\n`],
    ['LLaMA-Factory', 'f.yaml', `${FACTORY}pure_bf16: true\n`],
    ['ms-swift', 's.yaml', `${SWIFT}lora_dtype: bfloat16\n`],
    ['torchtune', 't.yaml', `${TORCHTUNE}dtype: bf16\n`],
    ['litgpt', 'l.yaml', `${LITGPT}precision: bf16-true\n`],
    ['OneTrainer', 'o.json', `${ONETRAINER}, "lora_weight_dtype": "BFLOAT_16"}`],
    ['PEFT', 'a.py', SCRIPT],
  ])('are rounded unless they are divided by a power of two: %s', (_, path, text) => {
    const exactness = (alpha: number): string | undefined =>
      planConfig(text, readConfig(text, path), 0, alpha).plans.find(({ id }) => id === 'symmetric')?.exactness;
    expect([exactness(64), exactness(48)]).toEqual(['exact', 'approximate']);
  });
});

describe('what trains or changes beside the LoRA factors', () => {
  it.each(CASES)('%s', (_, path, text, code) => {
    expect(readConfig(text, path).recipes).toHaveLength(1);
    const found = limits(text, path, 'symmetric');
    if (code === null) expect(found).toBe('exact');
    else expect(found).toContain(code);
  });

  it.each([
    ['ReLoRA', 'a.yml', `${AXOLOTL}relora: true\njagged_restart_steps: 6\n`, []],
    ["LLaMA-Factory's embeddings", 'f.yaml', `${FACTORY}lora_target: embed_tokens,q_proj\n`, ['embedding-split']],
    ["ms-swift's embeddings", 's.yaml', `${SWIFT}target_modules: all-embedding\n`, ['embedding-split']],
  ] as const)('keeps the init: %s', (_, path, text, codes) => {
    expect(limits(text, path, 'keep-init')).toEqual(codes);
  });
});
