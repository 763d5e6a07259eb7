import { backend, memory, profile } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tooLarge, bytesOf } from '../../../../src/experiment/cost/memory';
import type { ExperimentSpec } from '../../../../src/experiment/spec';
import { ROWS_WITHOUT_RULE, OPTIMIZER_ROWS } from '../../../../src/recipe/optimizers/optimizers';
import { sharesOf } from '../../../../src/experiment/cost/shares';
import { run, spec } from '../support/lab';
import { ROWS_AND_TASKS, TASKS, trainable } from '../support/every-run';
import { FEATURES } from '../support/features';

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

/** The bound is that many times the peak at most. */
const TIGHT = 6;

// A backend has to be up before its memory can be looked at.
beforeAll(() => run(spec()));

describe('bytesOf', () => {
  it.each(ROWS_AND_TASKS)('is above the peak of %s on %s, and not far above', async (row, task) => {
    const asked = trainable(row, task, 4, { width: 16, batch: 8, rank: 4 });
    const peak = await peakOf(asked);
    const predicted = bytesOf(asked);
    expect(predicted / peak).toBeGreaterThan(1);
    expect(predicted / peak).toBeLessThan(TIGHT);
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
      expect(bytesOf(many) / high).toBeLessThan(TIGHT);
      expect(bytesOf(few)).toBeGreaterThan(low);
    },
  );
});

describe('bytesOf, of what a run has beside', () => {
  it.each(FEATURES)('%s', async (_, asked) => {
    const peak = await peakOf(asked);
    expect(bytesOf(asked) / peak).toBeGreaterThan(1);
    expect(bytesOf(asked) / peak).toBeLessThan(TIGHT);
  });

  it('a pretraining of which one variant of little is trained', async () => {
    const sizes = { sequence: 16, heads: 4, vocabulary: 9, layers: 2 };
    const asked = trainable('sgd', 'transformer', 1, { width: 16, batch: 1, rank: 1, sizes });
    const peak = await peakOf(asked);
    expect(bytesOf(asked) / peak).toBeGreaterThan(1);
    expect(bytesOf(asked) / peak).toBeLessThan(TIGHT);
  });

  it('each share of several workers, which together take little more than the whole', async () => {
    const asked = { ...trainable('adamw', 'mlp', 9, { width: 16, batch: 16, rank: 2 }), batches: 2, dropout: 0.1 };
    const shares = sharesOf(asked, 3).map((share) => share.spec);
    for (const share of shares) expect(bytesOf(share)).toBeGreaterThan(await peakOf(share));
    const all = shares.reduce((total, share) => total + bytesOf(share), 0);
    expect(all).toBeGreaterThan(bytesOf(asked));
    expect(all).toBeLessThan(2 * bytesOf(asked));
  });

  it('the heap of WebAssembly, with the copies that large products make', async () => {
    const asked = trainable('sgd', 'mlp', 12, { width: 384, batch: 192, rank: 8, useDora: true, backend: 'wasm' });
    const heap = (): number => (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
    await run({ ...asked, width: 2, batch: 2, steps: 1 });
    const before = heap();
    await run({ ...asked, steps: 3 });
    expect(heap()).toBeGreaterThan(before);
    expect(heap()).toBeLessThan(bytesOf(asked));
  });
});

describe('a spec that is too large', () => {
  it.each([
    [
      { steps: 100_000, variants: many(224) },
      '224 variants × 100,000 steps are 22,400,000 losses; the limit is 8,000,000. Up to 35,714 steps would fit.',
    ],
    [
      { variants: many(20_000), width: 64, rank: 16, batch: 64 },
      /^20,000 variants of this problem need about \d+ GB at once; the limit is 1 GB\. Try fewer alphas or seeds\.$/,
    ],
    [{ width: 100_000 }, /^1 variants of this problem need about \d+ GB at once; the limit is 1 GB\./],
  ])('%# is refused with a sentence or two', async (fields, sentence) => {
    const asked = spec(fields as Partial<ExperimentSpec>);
    expect(tooLarge(asked)).toMatch(sentence);
    await expect(run(asked)).rejects.toThrow(sentence);
  });

  it('is not what a config asks for, whatever its optimizer', () => {
    for (const { id } of [...OPTIMIZER_ROWS, ...ROWS_WITHOUT_RULE]) {
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
