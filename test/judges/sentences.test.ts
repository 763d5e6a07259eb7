import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { together } from './python';

it('what LoRA Alpha says of libraries is what they do', async ({ skip }) => {
  const [[, stdout] = [0, '']] = await together([[resolve('test/judges/sentences.py')]]);
  if (!stdout.startsWith('[')) skip(stdout.trim() || 'Python has no PEFT');
  const told = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as [begins: string, found: string | null]);
  const said = Object.keys(JSON.parse(readFileSync('l10n/bundle.l10n.de.json', 'utf8')) as object);
  expect(told.filter(([begins]) => !said.some((one) => one.startsWith(begins)))).toEqual([]);
  const isThere = ([, found]: (typeof told)[0]): boolean => !found?.startsWith('not here');
  expect(told.filter((one) => isThere(one) && one[1] !== null)).toEqual([]);
  expect(told.filter(isThere).length).toBeGreaterThan(25);
});
