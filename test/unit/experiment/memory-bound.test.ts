import { memory, profile } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, tooLarge } from '../../../src/experiment/memory-bound';
import type { ExperimentSpec } from '../../../src/experiment/spec';
import { noRuleRows, optimizerRows } from '../../../src/recipe/optimizers/optimizers';
import { run, spec } from './support/lab';
import { ROWS_AND_TASKS, TASKS, trainable } from './support/every-run';

/** Of two steps, above what was there before: tfjs counts as tensors come and go. */
async function peakOf(asked: ExperimentSpec): Promise<number> {
  const before = memory().numBytes;
  const { peakBytes } = await profile(async () => {
    await run({ ...asked, steps: 2 });
    return [];
  });
  return peakBytes - before;
}

const SIZES = [
  { width: 32, batch: 8, rank: 4 },
  { width: 8, batch: 64, rank: 8 },
];

// A backend has to be up before its memory can be looked at.
beforeAll(() => run(spec()));

describe('bytesOf', () => {
  it.each(ROWS_AND_TASKS)('is above the peak of %s on %s, and not far above', async (row, task) => {
    const asked = trainable(row, task, 4, { width: 16, batch: 8, rank: 4 });
    const peak = await peakOf(asked);
    const predicted = bytesOf(asked);
    expect(predicted / peak).toBeGreaterThan(1);
    expect(predicted / peak).toBeLessThan(5);
  });

  it.each(TASKS.flatMap((task) => SIZES.map((sizes) => [task, sizes] as const)))(
    'grows with the variants as %s does, %o',
    async (task, sizes) => {
      const [few, many] = [2, 24].map((count) => trainable('adamw', task, count, sizes)) as [
        ExperimentSpec,
        ExperimentSpec,
      ];
      const [low, high] = [await peakOf(few), await peakOf(many)];
      expect(bytesOf(many) / high).toBeGreaterThan(1);
      expect(bytesOf(many) / high).toBeLessThan(5);
      expect(bytesOf(few)).toBeGreaterThan(low);
    },
  );
});

describe('a spec that is too large', () => {
  it.each([
    [
      { steps: 100_000, variants: many(224) },
      '224 variants × 100,000 steps are 22,400,000 losses, and at most 8,000,000 can be kept: up to 35,714 steps would fit.',
    ],
    [
      { variants: many(20_000), width: 64, rank: 16, batch: 64 },
      /^20,000 variants of this problem need about \d+ GB at a time, and at most 1 GB may be taken: up to [\d,]+ variants would fit\.$/,
    ],
    [{ batches: 1_000_000, width: 64, batch: 64 }, /: up to [\d,]+ mini-batches would fit\.$/],
    [{ batch: 10_000_000 }, /: mini-batches of up to [\d,]+ rows would fit\.$/],
    [{ rank: 65_536, width: 4096 }, /: a rank of up to [\d,]+ would fit\.$/],
    [{ width: 100_000 }, /: a smaller width would fit\.$/],
  ])('%# is refused with one sentence that says what would fit', async (fields, sentence) => {
    const asked = spec(fields as Partial<ExperimentSpec>);
    expect(tooLarge(asked)).toMatch(sentence);
    await expect(run(asked)).rejects.toThrow(sentence);
  });

  it('is not what a config asks for, whatever its optimizer', () => {
    for (const { id } of [...optimizerRows(), ...noRuleRows()]) {
      for (const task of TASKS) {
        expect(tooLarge(trainable(id, task, 64, { width: 32, batch: 32, rank: 8 }))).toBeNull();
      }
    }
  });
});

function many(count: number): ExperimentSpec['variants'] {
  const [one] = spec().variants;
  return Array.from({ length: count }, (_, i) => ({ ...one, name: `v${i}` })) as ExperimentSpec['variants'];
}
