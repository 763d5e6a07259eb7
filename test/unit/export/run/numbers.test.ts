import { describe, expect, it } from 'vitest';
import { isPowerOfFour, roundingOf, type RunNumbers } from '../../../../src/export/run/numbers';

const BASE: RunNumbers = {
  ...{ alpha: 16, useRslora: 0, learningRate: 1e-3, loraplusLrRatio: 1, weightDecay: 0, eps: 1e-8 },
  ...{ maxGradNorm: 1, maxGradValue: 0 },
};

describe('the numbers of a run', () => {
  it.each([
    [{}, 0],
    [{ learningRate: 1.001e-3 }, 1e-3],
    [{ eps: 1.01e-8 }, 1e-2],
    [{ weightDecay: 1 }, 0],
  ])('%j is written with an error of %d', (change, error) => {
    expect(roundingOf({ ...BASE, ...change }, BASE)).toBeCloseTo(error, 12);
  });

  it.each([
    [4, true],
    [1 / 16, true],
    [2, false],
    [3, false],
  ])('k = %d is a power of four: %s', (k, is) => {
    expect(isPowerOfFour(k)).toBe(is);
  });
});
