import { sum, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, startWith } from './support';

const SHAPE = [3, 7, 11];
const values = Float32Array.from({ length: 3 * 7 * 11 }, (_, i) => Math.sin(i * i) * 10 ** ((i % 9) - 4));

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it.each([
    [[2], [3, 7]],
    [[1, 2], [3]],
    [[0, 1, 2], []],
    [[-1], [3, 7]],
    [[0], [7, 11]],
    [[1], [3, 11]],
  ])('adds up dimensions %j to the shape %j, rounded once', (axes, shape) => {
    const along = axes.map((axis) => (axis + 3) % 3);
    const expected = new Float64Array(shape.reduce((size, n) => size * n, 1));
    values.forEach((value, i) => {
      const place = [Math.floor(i / 77), Math.floor(i / 11) % 7, i % 11];
      const at = place
        .filter((_, axis) => !along.includes(axis))
        .reduce((index, p, d) => index * (shape[d] ?? 1) + p, 0);
      expected[at] = (expected[at] ?? 0) + value;
    });
    tidy(() => {
      const x = tensor(values, SHAPE);
      const result = sum(x, axes);
      expect(result.shape).toEqual(shape);
      const isInner = along.includes(2);
      result.dataSync().forEach((value, i) => {
        const exact = expected[i] ?? Number.NaN;
        if (isInner) expect(value).toBe(Math.fround(exact));
        else expect(Math.abs(value - exact)).toBeLessThan(1e-5 * Math.abs(exact) + 1e-3);
      });
      expect(sum(x, axes, true).shape).toEqual(SHAPE.map((size, axis) => (along.includes(axis) ? 1 : size)));
    });
  });
});
