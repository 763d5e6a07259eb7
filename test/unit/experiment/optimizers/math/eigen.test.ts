import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigenOf } from '../../../../../src/experiment/optimizers/math/eigen';

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
