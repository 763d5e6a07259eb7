import { expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read';
import { rewritten } from './samples';

// Where else a variable is written, and where not: trainers/cases/llamafactory/variables.*
it('writes a variable behind Windows’ line ends, at the place that the reading has', () => {
  const run = 'llamafactory-cli train --finetuning_type lora --optim sgd --lora_rank 8 --lora_alpha $A';
  const text = `A=32\r\n${run} --learning_rate 0.1 --max_grad_norm 0 --weight_decay 0\n`;
  const after = text.replace('A=32', 'A=128').replace('0.1', '0.025');
  expect(rewritten({ path: 'train.sh', text }, 128)).toBe(after);
  const [recipe] = readConfig(text, 'train.sh').recipes;
  expect(recipe?.stated.alpha).toMatchObject({ line: 1, column: 3, path: 'lora_alpha' });
});
