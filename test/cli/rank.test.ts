import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as v from 'valibot';
import { group, module, textOf } from '../support/recording';
import { run, runJson } from './support/cli';

const transfer = v.looseObject({ lrFactor: v.number(), low: v.nullable(v.number()), regret: v.number() });
const answer = v.looseObject({ rule: v.string(), transfer, alternatives: v.array(v.looseObject({ transfer })) });

/** LoRA on one layer, so that a measurement is short. */
const CONFIG = `base_model: example/small-llama
adapter: lora
lora_r: 2
lora_alpha: 4
lora_target_modules: [q_proj]
optimizer: adamw_torch
learning_rate: 0.0002
`;

/** Recordings at learning rates around the best of each rank, `best` as a power of two. */
function recordings(bests: Readonly<Record<number, number>>, asides: readonly number[], ofSweep = false): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lora-alpha-ranks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return Object.entries(bests).flatMap(([rank, best]) =>
    asides.flatMap((aside, draw) =>
      [-14, -13, -12, -11, -10, -9, -8].map((power) => {
        const path = join(folder, `r${rank}-${power}-${draw}.json`);
        const lr = 2 ** power;
        const groups = [group({ numbers: { lr }, lr: [lr, lr, lr] })];
        const end = 1 + Math.min(3, ((power - best + aside) / 2) ** 2);
        const optimizers = [{ class: 'torch.optim.AdamW', groups }];
        const modules = [module({ rank: Number(rank), scaling: 32 / Number(rank) })];
        const losses = [3, 2, end];
        const trial = { rank: Number(rank), scaling: 32 / Number(rank), rate: lr, loss: losses };
        writeFileSync(path, ofSweep ? JSON.stringify(trial) : textOf({ losses, optimizers, modules }));
        return path;
      }),
    ),
  );
}

describe('rank', () => {
  it('measures a config at another rank', async () => {
    const { code, document } = await runJson(answer, ['rank', '-', '--rank', '8'], { stdin: CONFIG });
    expect([0, 2]).toContain(code);
    expect(document.rule).toBe('keep-alpha');
    expect(document.alternatives.length).toBeGreaterThan(3);
    expect(document).toMatchObject({
      changes: [{ to: 8 }, { key: 'lora_alpha', factor: 1 }, { key: 'learning_rate', factor: 1 }],
      notUnderstood: [],
      measured: { steps: 100 },
    });
  });

  it.each([false, true])(
    'reads where the best learning rate of the user’s own runs goes, of a sweep: %s',
    async (is) => {
      const files = recordings({ 16: -11, 64: -12 }, [0, 0.1, -0.1], is);
      const { code, document } = await runJson(v.looseObject({ transfer, says: v.string() }), [
        'rank',
        '--run',
        ...files,
      ]);
      expect(code).toBe(0);
      expect(document.transfer.lrFactor).toBeCloseTo(0.5, 1);
      expect(document.says).toMatch(/^From rank 16 \(s = 2\) to rank 64 \(s = 0\.5\) the best learning rate falls/);
    },
  );

  it.each([
    ['one rank', { 16: -11 }, [0], 'must be of two ranks'],
    ['one run at each learning rate', { 16: -11, 64: -11 }, [0], 'has no interval'],
  ] as const)('says what is missing with %s', async (_, bests, asides, says) => {
    const { stdout, stderr } = await run(['rank', '--run', ...recordings(bests, asides)]);
    expect((stdout + stderr).replace(/\s+/g, ' ')).toContain(says);
  });
});
