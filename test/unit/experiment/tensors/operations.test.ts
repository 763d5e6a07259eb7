import { tensor1d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import { signOf, tanhOf } from '../../../../src/experiment/tensors/operations';
import { quiet } from '../support/lab';

describe.each(['cpu', 'wasm'] as const)('elementwise operations on %s', (backend) => {
  beforeAll(() => chooseBackend(backend, quiet.backends, quiet.assets));

  it('tell the sign of the smallest number from zero', () => {
    const values = [3, 1e-6, 2e-8, 1e-38, 0, -0, -1e-38, -2e-8, -1e-6, -3];
    expect(tidy(() => [...signOf(tensor1d(values)).dataSync()])).toEqual([1, 1, 1, 1, 0, 0, -1, -1, -1, -1]);
  });

  const tanh = (values: number[]): number[] => tidy(() => [...tanhOf(tensor1d(values)).dataSync()]);

  it('compute tanh to a few units in the last place of 1', () => {
    const values = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 150);
    tanh(values).forEach((value, i) => {
      expect(Math.abs(value - Math.tanh(Math.fround(values[i] ?? NaN)))).toBeLessThan(2.5e-7);
    });
  });

  it('keep NaN in tanh, and end at ±1', () => {
    expect(tanh([0, Infinity, -Infinity, 1e30, -1e30, NaN])).toEqual([0, 1, -1, 1, -1, NaN]);
  });
});
