import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orthonormalColumns } from '../../../../../src/experiment/optimizers/math/eigen';

const ROWS = 6;
const COLUMNS = 4;

/** What a float32 tensor holds, without what is next to underflow. */
const element = fc.float({ min: -10, max: 10, noNaN: true }).map((value) => (Math.abs(value) < 1e-30 ? 0 : value));

const matrix = fc.array(element, {
  minLength: ROWS * COLUMNS,
  maxLength: ROWS * COLUMNS,
});

function along(m: Float64Array, one: number, other: number): number {
  let sum = 0;
  for (let row = 0; row < ROWS; row++) sum += (m[row * COLUMNS + one] ?? 0) * (m[row * COLUMNS + other] ?? 0);
  return sum;
}

describe('orthonormalColumns', () => {
  it('gives columns at right angles, of length 1 or zero', () => {
    fc.assert(
      fc.property(matrix, (values) => {
        const q = orthonormalColumns(values, ROWS, COLUMNS);
        for (let one = 0; one < COLUMNS; one++) {
          expect([0, 1]).toContain(Math.round(along(q, one, one) * 1e12) / 1e12);
          for (let other = 0; other < one; other++) expect(Math.abs(along(q, one, other))).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it('keeps what the first columns span, and makes a column that adds nothing zero', () => {
    const values = [1, 1, 2, 0, 0, 1, 1, 0, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0];
    const q = orthonormalColumns(values, ROWS, COLUMNS);
    const column = (index: number): number[] => [...Array(ROWS).keys()].map((row) => q[row * COLUMNS + index] ?? 0);
    expect(column(0)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(column(1)).toEqual([0, 1, 0, 0, 0, 0]);
    expect(column(2)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(column(3)).toEqual([0, 0, 0.6000000000000001, 0.8, 0, 0]);
  });

  it('changes no bit when the matrix is multiplied by a power of two', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: -40, max: 40 }), (values, power) => {
        const base = orthonormalColumns(values, ROWS, COLUMNS);
        const twin = orthonormalColumns(
          values.map((value) => value * 2 ** power),
          ROWS,
          COLUMNS,
        );
        expect(twin).toEqual(base);
      }),
    );
  });
});
