import { describe, expect, it } from 'vitest';
import { alphaOnly, isPowerOfFour, roundingOf, type RunNumbers } from '../../../../src/export/run/numbers';

const BASE: RunNumbers = {
  alpha: 16,
  alphaFactor: 1,
  useRslora: false,
  learningRate: 1e-3,
  ratio: 1,
  weightDecay: 0,
  constants: { eps: 1e-8 },
  maxGradNorm: 1,
  maxGradValue: 0,
};

describe('the numbers of a run', () => {
  it.each([
    [{}, 0],
    [{ learningRate: 1.001e-3 }, 1e-3],
    [{ constants: { eps: 1.01e-8 } }, 1e-2],
    [{ weightDecay: 1 }, 0],
  ])('%j is written with an error of %d', (change, error) => {
    expect(roundingOf({ ...BASE, ...change }, BASE)).toBeCloseTo(error, 12);
  });

  it('of alpha alone are the baseline but for alpha', () => {
    const to = { ...BASE, alpha: 64, alphaFactor: 4, learningRate: 5e-4 };
    expect(alphaOnly(BASE, to)).toEqual({ ...BASE, alpha: 64, alphaFactor: 4 });
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
