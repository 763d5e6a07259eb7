import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../../../src/config/write/edits';
import { planConfig } from '../../../../../src/config/planned';
import { readConfig } from '../../../../../src/config/read';
import { rewriteConfig } from '../../../../../src/config/rewrite';

const script = (lines: string, step = ''): string => `import torch
from peft import LoraConfig, get_peft_model
config = LoraConfig(r=8, lora_alpha=16)
model = get_peft_model(base, config)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
${lines}
for batch in rows:
    model(**batch).loss.backward()
    ${step}
    optimizer.step()
    scheduler.step()
`;

/** The lines of the script that a rewrite to k = 4 changes beside alpha and the optimizer, and the plan's exactness. */
function rewritten(text: string): string[] {
  const reading = readConfig(text, 'a.py');
  const [plan] = planConfig(text, reading, 0, 64).plans;
  const result = rewriteConfig(text, reading, 0, 64, 'symmetric');
  if (!('edits' in result)) return [result.refusal.code];
  const before = text.split('\n');
  const lines = applyEdits(text, result.edits).split('\n');
  const changed = lines.filter((line, i) => line !== before[i] && !/LoraConfig|AdamW/.test(line));
  return [plan?.exactness ?? '', ...changed.map((line) => line.trim())];
}

const torch = (call: string): string => `scheduler = torch.optim.lr_scheduler.${call}`;
const hf = (call: string): string => `import transformers\nscheduler = transformers.${call}`;

describe('a schedule that the script makes', () => {
  it.each([
    ['LambdaLR(optimizer, lambda step: 0.9**step)', []],
    ['CosineAnnealingLR(optimizer, T_max=40)', []],
    ['CosineAnnealingLR(optimizer, 40, 5e-4)', ['CosineAnnealingLR(optimizer, 40, 2.5e-4)']],
    [
      'CosineAnnealingLR(optimizer, T_max=40, eta_min=5e-4)',
      ['CosineAnnealingLR(optimizer, T_max=40, eta_min=2.5e-4)'],
    ],
    ['OneCycleLR(optimizer, max_lr=2e-3, total_steps=40)', ['OneCycleLR(optimizer, max_lr=1e-3, total_steps=40)']],
    ['OneCycleLR(optimizer, 2e-3, total_steps=40)', ['OneCycleLR(optimizer, 1e-3, total_steps=40)']],
    ['CyclicLR(optimizer, 1e-4, max_lr=2e-3)', ['CyclicLR(optimizer, 5e-5, max_lr=1e-3)']],
  ])('%s', (call, changed) => {
    expect(rewritten(script(torch(call)))).toEqual(['exact', ...changed.map((one) => torch(one))]);
  });

  it.each([
    ['get_cosine_schedule_with_warmup(optimizer, 10, 100)', 'get_cosine_schedule_with_warmup(optimizer, 10, 100)'],
    [
      'get_polynomial_decay_schedule_with_warmup(optimizer, 10, 100, lr_end=1e-6)',
      'get_polynomial_decay_schedule_with_warmup(optimizer, 10, 100, lr_end=5e-7)',
    ],
    [
      'get_polynomial_decay_schedule_with_warmup(optimizer, num_warmup_steps=9, num_training_steps=99)',
      'get_polynomial_decay_schedule_with_warmup(optimizer, num_warmup_steps=9, num_training_steps=99, lr_end=5e-8)',
    ],
    [
      'get_scheduler("cosine_with_min_lr", optimizer, 10, 100, scheduler_specific_kwargs={"min_lr": 1e-5})',
      'get_scheduler("cosine_with_min_lr", optimizer, 10, 100, scheduler_specific_kwargs={"min_lr": 5e-6})',
    ],
  ])('%s', (call, changed) => {
    const own = changed === call ? [] : [hf(changed).split('\n')[1]];
    expect(rewritten(script(hf(call)))).toEqual(['exact', ...own]);
  });

  it('is not written to where its classes hold several floors', () => {
    const lines = `one = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 9, eta_min=1e-4)
two = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 9, eta_min=1e-5)
scheduler = torch.optim.lr_scheduler.SequentialLR(optimizer, [one, two], [9])`;
    const text = script(lines);
    expect(readConfig(text, 'a.py').notUnderstood.map(({ line, mayMove }) => [line, mayMove])).toEqual([[7, true]]);
  });
});

it('moves the floor of a schedule that is passed to the Trainer', () => {
  const text = `import torch
from peft import LoraConfig, get_peft_model
from transformers import Trainer, TrainingArguments
model = get_peft_model(base, LoraConfig(r=8, lora_alpha=16))
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 100, eta_min=1e-4)
args = TrainingArguments("out", max_grad_norm=0.0)
Trainer(model=model, args=args, optimizers=(optimizer, scheduler)).train()
`;
  expect(rewritten(text)).toEqual(['exact', torch('CosineAnnealingLR(optimizer, 100, eta_min=5e-5)')]);
});

describe('a clip that the script makes', () => {
  it('by value moves by the factor of the weights', () => {
    const clip = (value: string): string => `torch.nn.utils.clip_grad_value_(model.parameters(), ${value})`;
    const lines = 'scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 9)';
    expect(rewritten(script(lines, clip('0.002')))).toEqual(['exact', clip('0.004')]);
  });
});

describe('a trainer that goes on from a checkpoint', () => {
  const trains = (given: string): string => `from peft import LoraConfig
from trl import SFTConfig, SFTTrainer
args = SFTConfig(output_dir="out", learning_rate=1e-4)
trainer = SFTTrainer("m", args=args, train_dataset=rows, peft_config=LoraConfig(r=8, lora_alpha=16))
trainer.train(${given})
`;
  it.each([
    ['', []],
    ['resume_from_checkpoint=None', []],
    ['resume_from_checkpoint="out/checkpoint-5"', ['run-resumes']],
    ['True', ['run-resumes']],
    ['find_checkpoint()', ['run-resumes']],
    ['"out/checkpoint-5" if os.path.isdir("out") else None', ['run-resumes']],
  ])('train(%s)', (given, codes) => {
    const text = trains(given);
    const found = readConfig(text, 'a.py').findings.map(({ code }) => code);
    expect(found.filter((code) => code === 'run-resumes')).toEqual(codes);
    expect(planConfig(text, readConfig(text, 'a.py'), 0, 64).plans[0]?.exactness).toBe(
      codes.length > 0 && !/\(/.test(given) ? 'approximate' : 'exact',
    );
  });

  it.each([
    ['"out/last"', 'approximate'],
    ['os.path.join(out, last)', 'exact'],
  ])('accelerator.load_state(%s)', (given, exactness) => {
    const text = script(`accelerator.load_state(${given})`, '');
    const reading = readConfig(text, 'a.py');
    expect(reading.findings.map(({ code }) => code)).toContain('run-resumes');
    expect([reading.notUnderstood, planConfig(text, reading, 0, 64).plans[0]?.exactness]).toEqual([[], exactness]);
  });
});
