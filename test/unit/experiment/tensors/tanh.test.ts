import { tensor1d, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import { tanhOf } from '../../../../src/experiment/tensors/tanh';
import { quiet } from '../support/lab';

describe.each(['cpu', 'wasm'] as const)('tanhOf on %s', (backend) => {
  const of = async (values: number[]): Promise<number[]> => {
    await chooseBackend(backend, quiet.backends, quiet.assets);
    return tidy(() => [...tanhOf(tensor1d(values)).dataSync()]);
  };

  it('is tanh, to a few units in the last place of 1', async () => {
    const values = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 150);
    (await of(values)).forEach((value, i) => {
      expect(Math.abs(value - Math.tanh(Math.fround(values[i] ?? NaN)))).toBeLessThan(2.5e-7);
    });
  });

  it('keeps what is no number, and ends at ±1', async () => {
    expect(await of([0, Infinity, -Infinity, 1e30, -1e30, NaN])).toEqual([0, 1, -1, 1, -1, NaN]);
  });
});
