import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';

const FACTORY = 'stage: sft\nfinetuning_type: lora\nlora_rank: 8\nlora_alpha: 4\nlearning_rate: 2.0e-3\n';
const SWIFT = 'model: m\ndataset: d\ntuner_type: lora\nlora_rank: 8\nlora_alpha: 4\nlearning_rate: 2e-3\n';
const TORCHTUNE = `model:
  _component_: torchtune.models.llama3.lora_llama3_8b
  lora_rank: 8
  lora_alpha: 4
optimizer: {_component_: torch.optim.AdamW, lr: 2.0e-3}
lr_scheduler:
`;
const NEMO_2 = `model:
  peft: {_target_: nemo.collections.llm.peft.LoRA, dim: 8, alpha: 4}
optim:
  config: {_target_: megatron.core.optimizer.OptimizerConfig, optimizer: adam, lr: 2.0e-3}
  lr_scheduler:
`;
const LUDWIG = `model_type: llm
adapter: {type: lora, r: 8, alpha: 4}
trainer:
  type: finetune
  learning_rate: 2.0e-3
  learning_rate_scheduler:
`;
const XTUNER = `from mmengine.optim import AmpOptimWrapper, CosineAnnealingLR, LinearLR
from peft import LoraConfig
from torch.optim import AdamW
from xtuner.model import SupervisedFinetune
lr = 2e-3
model = dict(type=SupervisedFinetune, llm=dict(), lora=dict(type=LoraConfig, r=8, lora_alpha=4))
optim_wrapper = dict(type=AmpOptimWrapper, optimizer=dict(type=AdamW, lr=lr), clip_grad=dict(max_norm=1))
`;
const MLX = 'model: m\nfine_tune_type: lora\nlora_parameters: {rank: 8, scale: 2.0, dropout: 0.0}\n';

/** The text at four times its scaling, and so with half of every rate. */
function rewritten(path: string, text: string, alpha: number): string {
  const result = rewriteConfig(text, readConfig(text, path), 0, alpha, 'symmetric');
  if ('refusal' in result) throw new Error(result.refusal.message);
  return applyEdits(text, result.edits);
}

describe('learning rates inside the schedules of LLM trainers', () => {
  // prettier-ignore
  it.each([
    ['a text of JSON', 'a.yaml', `${FACTORY}lr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: '{"min_lr": 0.0005}'\n`, `'{"min_lr": 0.00025}'`],
    ['a text of JSON beside a share', 'a.yaml', `${FACTORY}lr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: '{"num_cycles": 0.5, "min_lr": 5e-4}'\n`, `'{"num_cycles": 0.5, "min_lr": 2.5e-4}'`],
    ['the same in ms-swift', 'a.yaml', `${SWIFT}lr_scheduler_type: cosine_with_min_lr\nlr_scheduler_kwargs: '{"min_lr": 0.0005}'\n`, `'{"min_lr": 0.00025}'`],
    ['the same in a shell', 'a.sh', `swift sft --model m --dataset d --tuner_type lora --lora_rank 8 --lora_alpha 4 --learning_rate 2e-3 --lr_scheduler_type cosine_with_min_lr --lr_scheduler_kwargs '{"min_lr": 5e-4}'\n`, `'{"min_lr": 2.5e-4}'`],
    ['polynomial, unwritten', 'a.yaml', `${FACTORY}lr_scheduler_type: polynomial\n`, 'lr_end: 5.0e-8'],
    ['a class of torch in torchtune', 'a.yaml', `${TORCHTUNE}  _component_: torch.optim.lr_scheduler.CosineAnnealingLR\n  T_max: 100\n  eta_min: 1.0e-4\n`, 'eta_min: 5.0e-5'],
    ["NeMo 2's floor that nobody wrote", 'a.yaml', `${NEMO_2}    _target_: nemo.lightning.pytorch.optim.CosineAnnealingScheduler\n    warmup_steps: 10\n`, 'min_lr: 3.0e-5'],
    ["Ludwig's peak", 'a.yaml', `${LUDWIG}    decay: one_cycle\n    max_lr: 4.0e-3\n`, 'max_lr: 2.0e-3'],
    ["XTuner's floor", 'a.py', `${XTUNER}param_scheduler = [dict(type=LinearLR, start_factor=1e-5), dict(type=CosineAnnealingLR, eta_min=1e-4)]\n`, 'eta_min=5e-5'],
  ])('moves with the rate: %s', (_, path, text, written) => {
    expect(readConfig(text, path).notUnderstood).toEqual([]);
    expect(rewritten(path, text, 16)).toContain(written);
  });

  it('moves the end of a schedule of mlx-lm', () => {
    const text = `${MLX}lr_schedule: {name: cosine_decay, arguments: [2e-3, 100, 1e-4], warmup: 10, warmup_init: 1e-4}\n`;
    expect(rewritten('a.yaml', text, 8)).toContain('[1e-3, 100, 5e-5], warmup: 10, warmup_init: 5e-5');
  });

  it.each([
    ['a schedule nobody knows', 'a.yaml', `${TORCHTUNE}  _component_: my.schedules.zigzag\n  low: 1.0e-5\n`, true],
    ['a schedule of XTuner', 'a.py', `${XTUNER}param_scheduler = [dict(type=OneCycleLR, eta_max=1e-4)]\n`, true],
    [
      'an argument nobody knows',
      'a.yaml',
      `${FACTORY}lr_scheduler_type: cosine\nlr_scheduler_kwargs: {low: 1.0e-5}\n`,
      true,
    ],
    [
      'a word among the arguments',
      'a.yaml',
      `${FACTORY}lr_scheduler_type: cosine\nlr_scheduler_kwargs: {kind: soft}\n`,
      false,
    ],
  ])('names %s', (_, path, text, mayMove) => {
    expect(readConfig(text, path).notUnderstood).toMatchObject([{ mayMove }]);
  });
});
