import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { withOutputs } from '../../scripts/docs/console';
import { run } from './support/cli';

it.each([
  ['docs/worked-examples.md', 6],
  ['docs/signature.md', 5],
])('%s shows what the terminal prints today (npm run docs writes it)', async (path, atLeast) => {
  const page = readFileSync(path, 'utf8');
  const commands: string[][] = [];
  withOutputs(page, (args) => {
    commands.push([...args]);
    return '';
  });
  expect(commands.length).toBeGreaterThanOrEqual(atLeast);
  const outputs: string[] = [];
  for (const args of commands) outputs.push((await run(args, { cwd: resolve('.') })).stdout);
  expect(page).toBe(withOutputs(page, () => outputs.shift() ?? ''));
});
