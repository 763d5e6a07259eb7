import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../src/config/write/edits';
import { planConfig } from '../../../../src/config/planned';
import { readConfig } from '../../../../src/config/read';
import { rewriteConfig } from '../../../../src/config/rewrite';
import { HF_SCHEDULES, scheduleOf, TORCH_SCHEDULES } from '../../../../src/config/trainers/schedules';
import type { PlanId } from '../../../../src/recipe/plans/plan';

const KOHYA = 'network_module = "networks.lora"\nnetwork_dim = 8\nnetwork_alpha = 4\nlearning_rate = 2e-3\n';
const MUSUBI = `dit = "x"\noptimizer_type = "AdamW"\n${KOHYA}`;
const GUI = { LoRA_type: 'Standard', network_dim: 8, network_alpha: 4, learning_rate: 2e-3, unet_lr: 2e-3 };
const AXOLOTL = 'base_model: m\nadapter: lora\nlora_r: 8\nlora_alpha: 4\nlearning_rate: 2e-3\n';
const SIMPLETUNER = { model_type: 'lora', model_family: 'flux', lora_rank: 8, lora_alpha: 4, learning_rate: '2e-3' };
const AI_TOOLKIT = `config:
  process:
    - network: { type: lora, linear: 8, linear_alpha: 4 }
      model: { name_or_path: runwayml/stable-diffusion-v1-5 }
      train:
        lr: 2e-3
`;
const ONETRAINER = {
  __version: 10,
  training_method: 'LORA',
  lora_rank: 8,
  lora_alpha: 4,
  learning_rate: 2e-3,
  learning_rate_scheduler: 'CUSTOM',
  custom_learning_rate_scheduler: 'torch.optim.lr_scheduler.CosineAnnealingLR',
  scheduler_params: [
    { key: 'eta_min', value: '1e-5' },
    { key: 'T_max', value: '100' },
  ],
};
const DIFFUSERS = 'accelerate launch train_dreambooth_lora_flux.py --rank=8 --lora_alpha=4 --learning_rate=2e-3';
const SCRIPT = `from transformers import Trainer, TrainingArguments
from peft import LoraConfig, get_peft_model
model = get_peft_model(model, LoraConfig(r=8, lora_alpha=4))
args = TrainingArguments(output_dir="x", learning_rate=2e-3, lr_scheduler_type="polynomial")
Trainer(model=model, args=args, train_dataset=data).train()
`;

/** The text of the file with alpha 16, four times its own, and so with half of every rate. */
function rewritten(path: string, text: string, plan: PlanId = 'symmetric'): string {
  const result = rewriteConfig(text, readConfig(text, path), 0, 16, plan);
  if ('refusal' in result) throw new Error(result.refusal.message);
  return applyEdits(text, result.edits);
}

describe('the learning rates inside a scheduler', () => {
  // prettier-ignore
  it.each([
    ['OneCycleLR', 'a.toml', `${KOHYA}lr_scheduler_type = "OneCycleLR"\nlr_scheduler_args = ["max_lr=2e-3", "div_factor=25"]\n`, '["max_lr=1e-3", "div_factor=25"]'],
    ['CyclicLR', 'a.toml', `${KOHYA}lr_scheduler_type = "CyclicLR"\nlr_scheduler_args = ["base_lr=1e-4", "max_lr=2e-3"]\n`, '["base_lr=5e-5", "max_lr=1e-3"]'],
    ['a class by its path', 'a.toml', `${KOHYA}lr_scheduler_type = "torch.optim.lr_scheduler.CosineAnnealingLR"\nlr_scheduler_args = ["T_max=9", "eta_min=1e-4"]\n`, '["T_max=9", "eta_min=5e-5"]'],
    ['a plateau', 'a.toml', `${KOHYA}lr_scheduler_type = "ReduceLROnPlateau"\nlr_scheduler_args = ["min_lr=1e-4"]\n`, '["min_lr=5e-5", "eps=5e-9"]'],
    ['polynomial', 'a.toml', `${KOHYA}lr_scheduler = "polynomial"\nlr_scheduler_args = ["lr_end=1e-4"]\n`, '["lr_end=5e-5"]'],
    ['polynomial, unwritten', 'a.toml', `${KOHYA}lr_scheduler = "polynomial"\n`, 'lr_scheduler_args = ["lr_end=5e-8"]'],
    ['polynomial, beside a power', 'a.toml', `${KOHYA}lr_scheduler = "polynomial"\nlr_scheduler_args = ["power=2"]\n`, '["power=2", "lr_end=5e-8"]'],
    ['musubi', 'a.toml', `${MUSUBI}lr_scheduler = "polynomial"\n`, 'lr_scheduler_args = ["lr_end=5e-8"]'],
    ['kohya in a shell', 'a.sh', 'accelerate launch train_network.py --network_module=networks.lora --network_dim=8 --network_alpha=4 --learning_rate=2e-3 --lr_scheduler=polynomial\n', '--lr_scheduler_args "lr_end=5e-8"'],
    ['the GUI', 'a.json', JSON.stringify({ ...GUI, lr_scheduler: 'polynomial', lr_scheduler_args: 'lr_end=1e-4' }), '"lr_end=5e-5"'],
    ['the GUI, unwritten', 'a.json', JSON.stringify({ ...GUI, lr_scheduler: 'polynomial', lr_scheduler_args: '' }), '"lr_end=5.0e-8"'],
    ['the GUI, a class', 'a.json', JSON.stringify({ ...GUI, lr_scheduler_type: 'CyclicLR', lr_scheduler_args: 'base_lr=1e-4 max_lr=2e-3' }), '"base_lr=5e-5 max_lr=1e-3"'],
    ['Axolotl', 'a.yaml', `${AXOLOTL}lr_scheduler: polynomial\n`, 'lr_scheduler_kwargs:\n  lr_end: 5e-8'],
    ['Axolotl, greedy', 'a.yaml', `${AXOLOTL}lr_scheduler: greedy\nlr_scheduler_kwargs:\n  min_lr: 2e-4\n`, 'min_lr: 1e-4\n  max_lr: 0.5\n  eps: 5e-9'],
    ['Transformers in a script', 'a.py', SCRIPT, 'lr_scheduler_kwargs={"lr_end": 5e-8}'],
    ['LLaMA-Factory in a shell', 'a.sh', 'llamafactory-cli train --stage sft --finetuning_type lora --lora_rank 8 --lora_alpha 4 --learning_rate 2e-3 --lr_scheduler_type greedy', `--lr_scheduler_kwargs '{"min_lr": 5e-4, "max_lr": 0.5, "eps": 5e-9}'`],
    ['SimpleTuner', 'a.json', JSON.stringify({ ...SIMPLETUNER, lr_scheduler: 'sine' }), '"lr_end":2e-7'],
    ['SimpleTuner, polynomial', 'a.json', JSON.stringify({ ...SIMPLETUNER, lr_scheduler: 'polynomial', lr_end: 1e-8 }), '"lr_end":5e-9'],
    ['ai-toolkit', 'a.yaml', `${AI_TOOLKIT}        lr_scheduler: cosine\n        lr_scheduler_params: { eta_min: 1e-4 }\n`, '{ eta_min: 5e-5 }'],
    ['OneTrainer', 'a.json', JSON.stringify(ONETRAINER), '{"key":"eta_min","value":"5e-6"}'],
  ])('moves with the rate: %s', (_, path, text, written) => {
    expect(rewritten(path, text)).toContain(written);
  });

  it.each([
    ['SimpleTuner, constant', 'a.json', JSON.stringify({ ...SIMPLETUNER, lr_scheduler: 'constant' }), 'lr_end'],
    ['HF, cosine', 'a.yaml', `${AXOLOTL}lr_scheduler: cosine\n`, 'lr_scheduler_kwargs'],
    [
      'HF, a share of the rate',
      'a.yaml',
      `${AXOLOTL}lr_scheduler: cosine_with_min_lr\nlr_scheduler_kwargs:\n  min_lr_rate: 0.1\n`,
      'min_lr:',
    ],
    [
      'OneTrainer, a class that is not used',
      'a.json',
      JSON.stringify({ ...ONETRAINER, learning_rate_scheduler: 'COSINE' }),
      '5e-6',
    ],
  ])('leaves what is a share of the rate, or nothing: %s', (_, path, text, unwritten) => {
    expect(rewritten(path, text)).not.toContain(unwritten);
  });

  it('is approximate where the trainer has no key for the rate', () => {
    const plan = planOf('a.sh', `${DIFFUSERS} --lr_scheduler=polynomial`);
    expect(plan).toMatchObject({ exactness: 'approximate' });
    expect(plan.caveats.map(({ code }) => code)).toContain('schedule-rate-fixed');
    expect(planOf('a.sh', `${DIFFUSERS} --lr_scheduler=cosine`).exactness).toBe('exact');
  });

  it('is approximate where the schedule rounds its rates', () => {
    const exactness = (lr_scheduler: string): string =>
      planOf('a.json', JSON.stringify({ ...SIMPLETUNER, lr_scheduler })).exactness;
    expect(exactness('sine')).toBe('approximate');
    expect(exactness('polynomial')).not.toBe('approximate');
  });

  it('is approximate where A and B share a floor and only one rate moves', () => {
    const lora = `${AXOLOTL}weight_decay: 0\nmax_grad_norm: 0\nloraplus_lr_ratio: 4\n`;
    const floor = `${lora}lr_scheduler: reduce_lr_on_plateau\nlr_scheduler_kwargs: {min_lr: 1e-4, eps: 0}\n`;
    const share = `${lora}lr_scheduler: cosine_with_min_lr\nlr_scheduler_kwargs: {min_lr: 1e-4}\n`;
    const codes = (text: string): string[] => planOf('a.yaml', text, 'keep-init').caveats.map(({ code }) => code);
    expect(codes(floor)).toContain('schedule-rate-shared');
    expect(codes(share)).not.toContain('schedule-rate-shared');
    expect(planOf('a.yaml', floor).caveats.map(({ code }) => code)).not.toContain('schedule-rate-shared');
  });

  const unread = (text: string, path = 'a.toml'): unknown[] =>
    readConfig(text, path).notUnderstood.map(({ source, mayMove }) => [source, mayMove]);
  const oneTrainer = (changes: object): unknown[] => unread(JSON.stringify({ ...ONETRAINER, ...changes }), 'a.json');

  it('says that a scheduler is unknown, and that its arguments may move', () => {
    const own = `${KOHYA}lr_scheduler_type = "mine.Loop"\n`;
    expect(unread(own)).toEqual([['mine.Loop', false]]);
    expect(unread(`${own}lr_scheduler_args = ["low=1"]\n`)).toEqual([['mine.Loop', true]]);
    const sequence = 'torch.optim.lr_scheduler.SequentialLR';
    expect(oneTrainer({ custom_learning_rate_scheduler: sequence })).toEqual([[sequence, true]]);
    expect(unread(`${KOHYA}lr_scheduler_type = "StepLR"\nlr_scheduler_args = ["step_size=5"]\n`)).toEqual([]);
  });

  it('says that a rate has no number in the file', () => {
    const flags = '--network_dim=8 --network_alpha=4 --learning_rate=2e-3 --lr_scheduler=polynomial';
    const command = `accelerate launch train_network.py --network_module=networks.lora ${flags}`;
    expect(unread(`${command} --lr_scheduler_args lr_end=$END\n`, 'a.sh')).toEqual([['lr_end=$END', true]]);
    // OneTrainer puts the learning rate itself there.
    const own = { scheduler_params: [{ key: 'max_lr', value: '%LR%' }] };
    expect(oneTrainer({ custom_learning_rate_scheduler: 'torch.optim.lr_scheduler.OneCycleLR', ...own })).toEqual([]);
  });

  it('knows nothing of a scheduler that is made of others', () => {
    expect(scheduleOf(TORCH_SCHEDULES, 'SequentialLR')).toBeNull();
    expect(scheduleOf(HF_SCHEDULES, 'constructor')).toBeNull();
    expect(scheduleOf(HF_SCHEDULES, null)).toEqual({ rates: {} });
  });
});

function planOf(path: string, text: string, id: PlanId = 'symmetric') {
  const { plans } = planConfig(text, readConfig(text, path), 0, 16);
  const plan = plans.find((each) => each.id === id);
  if (!plan) throw new Error(`no plan ${id}`);
  return plan;
}
