import { expect, it } from 'vitest';
import { interpretationOf, readConfig } from '../../../../src/config/read';
import { scheduleOf } from '../../../../src/export/run/schedule';
import { axolotl } from '../export-of';

it.each([
  [['lr_scheduler: linear'], { name: 'linear', warmup: 0 }],
  [['lr_scheduler: cosine', 'warmup_ratio: 0.03'], { name: 'cosine', warmup: 0.03 }],
  [['lr_scheduler: constant_with_warmup', 'warmup_steps: 100'], { name: 'constant_with_warmup', warmup: 0.1 }],
  [['lr_scheduler: polynomial'], { refused: expect.stringContaining('polynomial') as string }],
  [['lr_scheduler: one_cycle'], { refused: expect.stringContaining('one_cycle') as string }],
])('%j is %j', (lines, made) => {
  const text = axolotl(...lines);
  const reading = readConfig(text, 'a.yml');
  const [recipe] = reading.recipes;
  const file = interpretationOf(text, reading, 0)?.file;
  if (!recipe || !file) throw new Error('no recipe');
  expect(scheduleOf(recipe, file.root)).toEqual(made);
});
