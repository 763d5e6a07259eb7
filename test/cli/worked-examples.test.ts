import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { withOutputs } from '../../scripts/docs/console';
import { run } from './support/cli';

it('docs/worked-examples.md shows what the terminal prints today (npm run docs writes it)', async () => {
  const page = readFileSync('docs/worked-examples.md', 'utf8');
  const commands: string[][] = [];
  withOutputs(page, (args) => {
    commands.push([...args]);
    return '';
  });
  expect(commands.length).toBeGreaterThan(5);
  const outputs: string[] = [];
  for (const args of commands) outputs.push((await run(args, { cwd: resolve('.') })).stdout);
  expect(page).toBe(withOutputs(page, () => outputs.shift() ?? ''));
});
