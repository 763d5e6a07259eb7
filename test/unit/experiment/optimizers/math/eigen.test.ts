import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigenOf, orthonormalColumns } from '../../../../../src/experiment/optimizers/math/eigen';

/** What a float32 tensor holds, without what is next to underflow. */
const element = fc.float({ min: -100, max: 100, noNaN: true }).map((value) => (Math.abs(value) < 1e-30 ? 0 : value));

const symmetric = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.array(element, { minLength: size * size, maxLength: size * size }).map((values) => ({
    size,
    matrix: values.map((_, at) => {
      const [row, column] = [Math.floor(at / size), at % size];
      return (values[row * size + column] ?? 0) + (values[column * size + row] ?? 0);
    }),
  })),
);

const at = (values: Float64Array, size: number, row: number, column: number): number =>
  values[row * size + column] ?? 0;

describe('eigenOf', () => {
  it('gives eigenvalues from the smallest, and vectors of length 1 at right angles that make up the matrix', () => {
    fc.assert(
      fc.property(symmetric, ({ matrix, size }) => {
        const { values, vectors } = eigenOf(matrix, size);
        const scale = Math.max(1, ...matrix.map(Math.abs));
        const range = [...Array(size).keys()];
        expect([...values].sort((a, b) => a - b)).toEqual([...values]);
        for (const row of range) {
          for (const column of range) {
            const product = range.reduce((sum, n) => sum + at(vectors, size, n, row) * at(vectors, size, n, column), 0);
            expect(Math.abs(product - (row === column ? 1 : 0))).toBeLessThan(1e-13);
            const made = range.reduce(
              (sum, n) => sum + at(vectors, size, row, n) * (values[n] ?? 0) * at(vectors, size, column, n),
              0,
            );
            expect(Math.abs(made - (matrix[row * size + column] ?? 0))).toBeLessThan(1e-12 * scale);
          }
        }
      }),
    );
  });

  it('turns no vector by a bit when the matrix is multiplied by a power of two', () => {
    fc.assert(
      fc.property(symmetric, fc.integer({ min: -40, max: 40 }), ({ matrix, size }, power) => {
        const base = eigenOf(matrix, size);
        const twin = eigenOf(
          matrix.map((value) => value * 2 ** power),
          size,
        );
        expect(twin.vectors).toEqual(base.vectors);
        expect(twin.values).toEqual(base.values.map((value) => value * 2 ** power));
      }),
    );
  });

  it('leaves a matrix of zeros, and one with something that is no number, where they are', () => {
    expect(eigenOf([0, 0, 0, 0], 2)).toEqual({ values: new Float64Array(2), vectors: Float64Array.of(0, 1, 1, 0) });
    expect(eigenOf([Number.NaN, 1, 1, 0], 2).vectors).toHaveLength(4);
  });
});

const ROWS = 6;
const COLUMNS = 4;
const small = element.map((value) => value / 10);

const matrix = fc.array(small, {
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
