import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { convert } from '../../../src/adapter/convert/convert';
import type { Goal } from '../../../src/adapter/convert/plan';
import { openedAdapter } from '../../../src/cli/adapter/sources';
import { writeConversion } from '../../../src/cli/adapter/write';
import { hasPackages, together } from '../python';

const folder = mkdtempSync(join(tmpdir(), 'lora-alpha-adapters-'));
const hasPeft = hasPackages('peft', 'torch');

/** What the judge prints. */
async function run(task: 'make' | 'judge'): Promise<string> {
  const [[status, stdout, stderr] = [1, '', '']] = await together([
    [resolve('test/judges/adapters/judge.py'), task, folder],
  ]);
  expect(status, stderr).toBe(0);
  return stdout;
}

/** From, to, the loader, what is asked for, and the largest difference; 0 is the same in every bit. */
type Case = readonly [from: string, to: string, reader: string, goal: Goal, most: number];
const all = (goal: Goal, to: string, reader: string, most: number): Case[] =>
  ['plain', 'embedding', 'bias'].flatMap((name) =>
    ['float32', 'bfloat16'].map((type): Case => [`${name}-${type}`, `${to}-${name}-${type}`, reader, goal, most]),
  );
const CASES: readonly Case[] = [
  ...all({ portable: true }, 'portable', 'peft', 0),
  ...all({ alpha: 'rank', rank: 6, portable: true }, 'padded', 'peft', 0),
  ...all({ alpha: 64 }, 'alpha', 'peft', 0),
  ...all({ rslora: true }, 'rslora', 'peft', 1e-6),
  ...all({ scaling: 3 }, 'scaling', 'peft', 0.01),
  ...all({ rank: 6 }, 'grown', 'peft', 1e-6),
  ['rslora-float32', 'rs-portable', 'peft', { portable: true }, 1e-6],
  ['rslora-bfloat16', 'rs-portable16', 'peft', { portable: true }, 0.01],
  ['rslora-bfloat16', 'rs-portable32', 'peft', { portable: true, dtype: 'F32' }, 1e-6],
  ['rslora-float32', 'rs-off', 'peft', { rslora: false }, 1e-6],
  ['rslora-float32', 'rs-half', 'peft', { portable: true, dtype: 'F16' }, 0.002],
  ['rslora-float32', 'rs-whole', 'peft', { keep: 1 }, 1e-5],
  ['plain-float32', 'plain-mlx', 'mlx', { to: 'mlx' }, 1e-6],
  ['rslora-float32', 'rs-mlx', 'mlx', { to: 'mlx' }, 1e-6],
  ['plain-bfloat16', 'plain16-mlx', 'mlx', { to: 'mlx', dtype: 'F32' }, 1e-6],
  ['unet.safetensors', 'unet-portable.safetensors', 'diffusers', { portable: true }, 0],
  ['unet.safetensors', 'unet-diffusers.safetensors', 'diffusers', { to: 'diffusers' }, 1e-6],
  ['unet.safetensors', 'unet-alpha.safetensors', 'diffusers', { alpha: 16 }, 1e-6],
];

async function write(from: string, to: string, goal: Goal): Promise<void> {
  const { adapter } = await openedAdapter(join(folder, from));
  const conversion = await convert(adapter, goal);
  if ('wrong' in conversion) throw new Error(conversion.wrong);
  await writeConversion(conversion, { path: join(folder, to), replaces: null });
}
const hashOf = (path: string): string =>
  createHash('sha256')
    .update(readFileSync(join(folder, path)))
    .digest('hex');

beforeAll(async () => {
  if (hasPeft) await run('make');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.skipIf(!hasPeft)(
  'merged weights of converted adapters, as PEFT, mlx-lm and diffusers load them, are the same',
  async () => {
    const cases = CASES.filter(([from]) => existsSync(join(folder, from)));
    for (const [from, to, , goal] of cases) await write(from, to, goal);
    const asked = cases.map(([from, to, reader]) => ({ from, to, with: reader }));
    writeFileSync(join(folder, 'CONVERSIONS.json'), JSON.stringify(asked));
    const judged = (await run('judge'))
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as { to: string; modules: number; off: number; others: string[]; skipped?: string },
      );
    const wrong = judged.filter(({ to, off, modules, others, skipped }) => {
      const most = cases.find((row) => row[1] === to)?.[4] ?? 0;
      return skipped === undefined && !(off <= most && modules > 1 && others.length === 0);
    });
    expect(wrong).toEqual([]);
    expect(judged).toHaveLength(cases.length);
  },
);

it.skipIf(!hasPeft)('an adapter that goes to another layout and back has the same bytes', async () => {
  await write('plain-float32', 'there', { to: 'mlx' });
  await write('there', 'back', { to: 'peft' });
  expect(hashOf('back/adapter_model.safetensors')).toBe(hashOf('plain-float32/adapter_model.safetensors'));
  if (!existsSync(join(folder, 'unet.safetensors'))) return;
  await write('unet.safetensors', 'one.safetensors', { to: 'onetrainer' });
  await write('one.safetensors', 'unet-back.safetensors', { to: 'kohya' });
  expect(hashOf('unet-back.safetensors')).toBe(hashOf('unet.safetensors'));
});
