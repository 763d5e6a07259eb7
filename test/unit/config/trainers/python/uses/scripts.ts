import { expect } from 'vitest';
import { readConfig } from '../../../../../../src/config/read';

export const HEAD = `import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainerCallback, TrainingArguments, get_scheduler
model = AutoModelForCausalLM.from_pretrained("m")
`;

type Parts = Partial<Record<'before' | 'made' | 'args' | 'given' | 'behind' | 'step' | 'optimizer', string>>;

/** A script that trains with the Trainer; lines go before the model has LoRA, before the trainer and behind it. */
export function script({ before = '', made = '', args = '', given = '', behind = '' }: Parts): string {
  return `${HEAD}${before}
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])
model = get_peft_model(model, config)
args = TrainingArguments(output_dir="out", learning_rate=1e-3, optim="adamw_torch"${args})
${made}
trainer = Trainer(model=model, args=args, train_dataset=rows${given})
${behind}
trainer.train()
trainer.save_model("out")
`;
}

/** A script with a loop of its own. */
export function loop({
  before = '',
  made = '',
  step = '',
  optimizer = 'torch.optim.AdamW(model.parameters(), lr=1e-3)',
}: Parts): string {
  return `${HEAD}
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])
model = get_peft_model(model, config)
${before}
optimizer = ${optimizer}
${made}
for batch in rows:
    loss = model(**batch).loss
    loss.backward()
    ${step}
    optimizer.step()
    optimizer.zero_grad()
model.save_pretrained("out")
`;
}

/** What a script does that was not understood: its source, with an exclamation mark where a number may have to move. */
export function unread(text: string): string[] {
  const { notUnderstood, recipes } = readConfig(text, 'train.py');
  expect(recipes.length).toBeGreaterThan(0);
  return [...new Set(notUnderstood.map(({ source, mayMove }) => `${source}${mayMove ? ' !' : ''}`))];
}
