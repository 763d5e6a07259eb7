import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { readConfig } from '../../../../../src/config/read';

const HEAD = `import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, Trainer, TrainerCallback, TrainingArguments, get_scheduler
model = AutoModelForCausalLM.from_pretrained("m")
`;

export type Parts = Partial<
  Record<
    | ('before' | 'made' | 'args' | 'given' | 'behind' | 'step' | 'optimizer' | 'text')
    | ('options' | 'object' | 'branch'),
    string
  >
>;

/** A script that trains with the Trainer; lines go before the model has LoRA, before the trainer and behind it. */
function trainer({ before = '', made = '', args = '', given = '', behind = '' }: Parts): string {
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
function loop({ before = '', made = '', step = '', optimizer }: Parts): string {
  return `${HEAD}
config = LoraConfig(r=8, lora_alpha=16, target_modules=["q_proj"])
model = get_peft_model(model, config)
${before}
optimizer = ${optimizer ?? 'torch.optim.AdamW(model.parameters(), lr=1e-3)'}
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

/** A script whose learning rate is an option. */
function optional({ options = RATE, before = '', object = 'args', branch = '' }: Parts): string {
  return `import argparse
import torch
from dataclasses import dataclass, field
from peft import LoraConfig, get_peft_model
from transformers import HfArgumentParser
${options}
def main(args):
    model = get_peft_model(load(), LoraConfig(r=8, lora_alpha=16))
    ${before}
    optimizer = torch.optim.AdamW(model.parameters(), lr=${object}.rate)
    ${branch}
    for batch in rows:
        optimizer.step()
args = parse_args()
main(args)
`;
}

const RATE = `def parse_args():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rate", type=float, default=1e-4)
    return parser.parse_args()`;

const KINDS = { script: trainer, loop, options: optional, text: ({ text = '' }: Parts) => `${text}\n` };

/** A case of a text beside this: a name, the parts of a script, and what is read or not understood, after `=>`. */
export interface Case {
  head: string;
  text: string;
}

/** Where the doubts are. */
export const DOUBTS = path.join(import.meta.dirname, 'doubts.txt');

export function doubts(file = DOUBTS): Case[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n\n#### ')
    .map((block): Case => {
      const lines = block.split('\n').filter((line) => !line.startsWith('=> '));
      const kind = (lines[1] ?? '').slice(1, -1) as keyof typeof KINDS;
      const parts: Record<string, string[]> = { text: [] };
      let part = 'text';
      for (const line of lines.slice(2)) {
        if (line.startsWith('  ') || line === '') (parts[part] ??= []).push(line.slice(2));
        else part = line.slice(0, -1);
      }
      const joined = Object.entries(parts).map(([name, own]) => [name, own.join('\n')]);
      return { head: lines.join('\n').replace(/^#### /, ''), text: KINDS[kind](Object.fromEntries(joined) as Parts) };
    });
}

/** What a script does that was not understood: its source, with an exclamation mark where a number may have to move. */
export function unread(text: string): string[] {
  const { notUnderstood, recipes } = readConfig(text, 'train.py');
  expect(recipes.length).toBeGreaterThan(0);
  return [...new Set(notUnderstood.map(({ source, mayMove }) => `${source}${mayMove ? ' !' : ''}`))];
}
