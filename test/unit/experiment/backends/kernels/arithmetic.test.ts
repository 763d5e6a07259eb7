import { add, div, mul, sub, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BUILDS, startWith } from './support';

const OPERATIONS: readonly [(a: Tensor, b: Tensor) => Tensor, (a: number, b: number) => number][] = [
  [add, (a, b) => a + b],
  [sub, (a, b) => a - b],
  [mul, (a, b) => a * b],
  [div, (a, b) => a / b],
];

const float = fc.float({ noNaN: true });
/** Two shapes that broadcast: each dimension is whole or 1 in either, and leading ones may be left out. */
const shapes = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.boolean(), fc.boolean()), { minLength: 0, maxLength: 5 })
  .chain((dimensions) =>
    fc.record({
      a: fc.constant(dimensions.map(([size, whole]) => (whole ? size : 1))),
      b: fc.constant(dimensions.map(([size, , whole]) => (whole ? size : 1))),
      leftOut: fc.nat({ max: dimensions.length }),
    }),
  );

function operand(shape: readonly number[], values: readonly number[]): Tensor {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(
    Float32Array.from({ length: size }, (_, i) => values[i % values.length] ?? 0),
    [...shape],
    'float32',
  );
}

/** Element of `tensor` at a place of the larger shape. */
function at({ shape }: Tensor, values: ArrayLike<number>, place: readonly number[]): number {
  const own = place.slice(place.length - shape.length);
  return values[own.reduce((index, i, d) => index * (shape[d] ?? 1) + (shape[d] === 1 ? 0 : i), 0)] ?? Number.NaN;
}

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it('gives the float32 nearest to the exact result, whatever is broadcast', () => {
    fc.assert(
      fc.property(shapes, fc.array(float, { minLength: 1, maxLength: 40 }), ({ a, b, leftOut }, numbers) => {
        tidy(() => {
          const short = b.slice(0, leftOut).every((size) => size === 1) ? b.slice(leftOut) : b;
          const [left, right] = [operand(a, numbers), operand(short, numbers.toReversed())];
          const [x, y] = [left.dataSync(), right.dataSync()];
          for (const [ours, exact] of OPERATIONS) {
            for (const [one, other, oneValues, otherValues] of [
              [left, right, x, y],
              [right, left, y, x],
            ] as const) {
              const result = ours(one, other);
              const values = result.dataSync();
              values.forEach((value, i) => {
                let rest = i;
                const place = result.shape.toReversed().map((size) => {
                  const here = rest % size;
                  rest = Math.floor(rest / size);
                  return here;
                });
                place.reverse();
                const wanted = Math.fround(exact(at(one, oneValues, place), at(other, otherValues, place)));
                expect(value).toBe(wanted);
              });
            }
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it('gives a small tensor the bits of a large one', () => {
    const values = Float32Array.from({ length: 4_000 }, (_, i) => Math.sin(i * i) * 10 ** ((i % 60) - 30));
    const others = values.toReversed();
    for (const [ours] of OPERATIONS) {
      tidy(() => {
        const large = ours(tensor(values), tensor(others)).dataSync();
        const small = ours(tensor(values.subarray(0, 500)), tensor(others.subarray(0, 500))).dataSync();
        expect(small).toEqual(large.subarray(0, 500));
      });
    }
  });

  it('leaves numbers that are not float32 to the backend', () => {
    tidy(() => {
      const sum = add(tensor([1, 2], [2], 'int32'), tensor([3, 4], [2], 'int32'));
      expect(sum.dataSync()).toEqual(new Int32Array([4, 6]));
    });
  });
});
