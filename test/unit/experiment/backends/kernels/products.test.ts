import { tensor, tidy, type Tensor3D } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { product } from '../../../../../src/experiment/tensors/operations';
import { BUILDS, startWith } from './support';

interface Case {
  countA: number;
  countB: number;
  rows: number;
  inner: number;
  columns: number;
  transposeA: boolean;
  transposeB: boolean;
}

const size = fc.oneof(fc.integer({ min: 1, max: 21 }), fc.constantFrom(32, 65, 130));
const cases: fc.Arbitrary<Case> = fc
  .record({ count: fc.integer({ min: 1, max: 3 }), sharesA: fc.boolean(), sharesB: fc.boolean() })
  .chain(({ count, sharesA, sharesB }) =>
    fc.record({
      countA: fc.constant(sharesA ? 1 : count),
      countB: fc.constant(sharesB ? 1 : count),
      rows: size,
      inner: size,
      columns: size,
      transposeA: fc.boolean(),
      transposeB: fc.boolean(),
    }),
  );

const SIZES = { least: 2 ** -9, most: 2 ** 9 };

/** Numbers of many sizes, the same for the same arguments. */
function values(count: number, seed: number, unit: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => {
    const x = Math.sin((i + 1) * (seed + 1.7) * 12.9898) * 43_758.5453;
    return unit * (x - Math.floor(x) - 0.5) * (i % 5 === 0 ? SIZES.most : i % 7 === 0 ? SIZES.least : 1);
  });
}

function shapeOf(count: number, rows: number, columns: number, transposed: boolean): [number, number, number] {
  return transposed ? [count, columns, rows] : [count, rows, columns];
}

function multiplied({ countA, countB, rows, inner, columns, transposeA, transposeB }: Case, unit = 1): Float32Array {
  return tidy(() => {
    const a = tensor(values(countA * rows * inner, 1, unit), shapeOf(countA, rows, inner, transposeA));
    const b = tensor(values(countB * inner * columns, 2, 1), shapeOf(countB, inner, columns, transposeB));
    return product(a as Tensor3D, b as Tensor3D, transposeA, transposeB).dataSync() as Float32Array;
  });
}

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it('multiplies whatever is transposed, shared or odd', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { countA, countB, rows, inner, columns, transposeA, transposeB } = one;
        const a = values(countA * rows * inner, 1, 1);
        const b = values(countB * inner * columns, 2, 1);
        const result = multiplied(one);
        expect(result).toHaveLength(Math.max(countA, countB) * rows * columns);
        const excess = Array.from(result, (value, at) => {
          const [n, i, j] = [Math.floor(at / (rows * columns)), Math.floor(at / columns) % rows, at % columns];
          const [fromA, fromB] = [countA === 1 ? 0 : n * rows * inner, countB === 1 ? 0 : n * inner * columns];
          let [sum, magnitude] = [0, 0];
          for (let k = 0; k < inner; k++) {
            const x = a[fromA + (transposeA ? k * rows + i : i * inner + k)] ?? Number.NaN;
            const y = b[fromB + (transposeB ? j * inner + k : k * columns + j)] ?? Number.NaN;
            sum += x * y;
            magnitude += Math.abs(x * y);
          }
          return Math.abs(value - sum) - inner * 2 ** -23 * magnitude;
        });
        expect(Math.max(...excess)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps all other bits of an operand that is scaled by a power of two', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: -30, max: 30 }), (one, power) => {
        const scaled = multiplied(one, 2 ** power);
        expect(scaled).toEqual(multiplied(one).map((value) => value * 2 ** power));
      }),
      { numRuns: 30 },
    );
  });

  it('gives a matrix the same bits alone and beside others', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const many = multiplied(one);
        const alone = multiplied({ ...one, countA: 1, countB: 1 });
        expect(many.subarray(0, alone.length)).toEqual(alone);
      }),
      { numRuns: 30 },
    );
  });
});
