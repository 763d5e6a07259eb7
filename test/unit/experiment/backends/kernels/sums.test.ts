import { slice, sum, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, startWith, without } from './support';
import { MEAN_LOSS, ADAM_UPDATE, SGD_UPDATE } from '../../../../../src/experiment/tensors/operations';
import { meanOf } from '../../../../../src/experiment/tasks/regression';
import { run, spec, variant } from '../../support/lab';

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

  it.each(['1 0 0, 1 7 11', '1 2 0, 1 3 11', '2 6 4, 1 1 7', '0 2 0, 3 3 11', '0 0 5, 2 7 1', '0 0 0, 3 7 11'])(
    'takes a slice: where it begins, and its size: %s',
    (words) => {
      const [begin = [], size = []] = words.split(', ').map((numbers) => numbers.split(' ').map(Number));
      const isIn = (at: number, axis: number): boolean =>
        at >= (begin[axis] ?? 0) && at < (begin[axis] ?? 0) + (size[axis] ?? 0);
      const expected = values.filter((_, i) => [Math.floor(i / 77), Math.floor(i / 11) % 7, i % 11].every(isIn));
      const taken = tidy(() => slice(tensor(values, SHAPE), begin, size).dataSync());
      expect([...taken]).toEqual([...expected]);
    },
  );
});

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

const hyper = { lr: 0.01, weightDecay: 0.1, constants: { eps: 1e-8 } };
const variants = [
  variant({ a: hyper, b: { ...hyper, lr: 0.16 } }),
  variant({ name: 'other', role: 'plan', scaling: 0.3, a: { ...hyper, constants: { eps: 1e-2 } } }),
];

const rows = [
  { kernel: SGD_UPDATE, row: 'sgd', betas: [0.9, 0.999] },
  { kernel: ADAM_UPDATE, row: 'adam', betas: [0.9, 0.999] },
  { kernel: ADAM_UPDATE, row: 'adamw', betas: [0.3, 0.9] },
] as const;

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it.each(rows)('has the bits of the operations: $row at $betas', async ({ kernel, row, betas }) => {
    const { optimizer } = spec();
    const given = spec({ backend: 'wasm', variants, optimizer: { ...optimizer, row, betas } });
    const atOnce = await run(given);
    const byOperations = await without(kernel, () => run(given));
    expect(atOnce.losses).toEqual(byOperations.losses);
    expect(atOnce.losses[0]).not.toEqual(atOnce.losses[1]);
  });
});
