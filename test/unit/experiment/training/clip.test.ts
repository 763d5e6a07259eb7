import { setBackend, tensor, tidy } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { clipByNorm, clipByValue } from '../../../../src/experiment/training/hyper-tensors';

beforeAll(async () => {
  await setBackend('cpu');
});

// Three variants with one number in A and one in B: norms 5, 5 and 0.5.
const gradient = [3, 3, 0.3, 4, 4, 0.4];
const clipped = (thresholds: (number | null)[], eps = 0): number[] => [
  ...tidy(() => clipByNorm([tensor(gradient, [2, 3, 1, 1])], thresholds, eps)[0] ?? tensor([])).dataSync(),
];

describe('clipByValue', () => {
  const bounded = (values: number[], thresholds: (number | null)[]): number[] => [
    ...tidy(() => clipByValue([tensor(values, [2, 3, 1, 1])], thresholds)[0] ?? tensor([])).dataSync(),
  ];

  it('keeps each element within its variant’s own threshold', () => {
    const values = [3, 3, -0.25, -4, -4, 0.5];
    expect(bounded(values, [2, null, 0.25])).toEqual([2, 3, -0.25, -2, -4, 0.25]);
    expect(bounded(values, [null, null, null])).toEqual(values);
  });
});

describe('clipByNorm', () => {
  it('clips each variant by its own norm over A and B, and leaves what is short enough', () => {
    [0.6, 3, 0.3, 0.8, 4, 0.4].forEach((value, i) => expect(clipped([1, null, 1])[i]).toBeCloseTo(value, 6));
  });
  it('touches nothing without a threshold', () => {
    expect(clipped([null, null, null])).toEqual(gradient.map(Math.fround));
  });
  it('adds its eps to the norm, as torch does', () => {
    expect(clipped([1, 1, 1], 5)[0]).toBeCloseTo(3 / 10, 6);
  });
});
