import { describe, expect, it } from 'vitest';
import { deviationChart, lossChart } from '../../../src/plot/chart';

const base = { name: 'base', label: 'baseline', role: 'base' } as const;
const rescaled = { name: 'rescaled', label: 'rescaled', role: 'rescaled' } as const;

const means = (loss: number[], batches: number): unknown => lossChart([base], [loss], { batches }).all[0]?.values;
/** Of a curve that is off from a baseline of ones by so much. */
const peaks = (off: number[], batches: number): unknown => {
  const losses = [off.map(() => 1), off.map((each) => 1 + each)];
  return deviationChart([base, rescaled], losses, { batches }).all[0]?.values;
};

describe('cycles of mini-batches', () => {
  it('level a saw', () => expect(means([1.5, 0.5, 1.5, 0.5, 1.5], 2)).toEqual([NaN, 1, 1, 1, 1]));

  it('keep the largest difference of a cycle', () =>
    expect(peaks([0, 3, 0, 0, 0, 1], 3)).toEqual([NaN, NaN, 3, 3, 0, 1]));

  it('are steps where there is one mini-batch, or fewer steps than two cycles have', () => {
    expect([means([1, 2], 1), peaks([1, 2], 1)]).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(means([1, 2, 3], 2)).toEqual([1, 2, 3]);
  });

  it('keep what is not a number', () => {
    expect(means([1, NaN, 1, 1, 1], 2)).toEqual([NaN, NaN, NaN, 1, 1]);
    expect(peaks([0, Infinity, 0, 0], 2)).toEqual([NaN, Infinity, Infinity, 0]);
  });
});
