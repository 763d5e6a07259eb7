import { tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { MEAN_LOSS } from '../../../../../src/experiment/tensors/operations';
import { meanOf } from '../../../../../src/experiment/tasks/regression';
import { BUILDS, startWith, without } from './support';

const shapes = [
  [3, 7, 5],
  [2, 16, 64],
  [1, 1, 1],
];

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it.each(shapes.flatMap((shape) => (['mse', 'l1'] as const).map((loss) => ({ loss, shape }))))(
    'is the mean of its definition: $loss of $shape',
    async ({ loss, shape }) => {
      const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * i + 1));
      const mean = (): number[] => tidy(() => [...meanOf(loss, tensor(values, shape)).dataSync()]);
      const [atOnce, byOperations] = [mean(), await without(MEAN_LOSS, mean)];
      expect(atOnce).toHaveLength(shape[0] ?? 0);
      atOnce.forEach((value, i) => expect(Math.abs(value / (byOperations[i] ?? 0) - 1)).toBeLessThan(3e-7));
    },
  );

  it('keeps a loss that is no number, and one without bounds', () => {
    const means = tidy(() => [...meanOf('mse', tensor([1, Number.NaN, 1e30, 1], [2, 1, 2])).dataSync()]);
    expect(means).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
  });
});
