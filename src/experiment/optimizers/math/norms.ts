import { div, sqrt, square, sum, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Sum of each matrix: [parameters, variants, rows, columns] → [parameters, variants, 1, 1]. It sums row by row first,
 * because shorter sums round less.
 */
export function sumOf(matrices: Tensor): Tensor {
  return sum(sum(matrices, 3, true), 2, true);
}

/** Frobenius norm of each matrix, [parameters, variants, 1, 1]. */
export function normOf(matrices: Tensor): Tensor {
  return sqrt(sumOf(square(matrices)));
}

/** Root mean square of each matrix's elements, [parameters, variants, 1, 1]. */
export function rmsOf(matrices: Tensor): Tensor {
  const [, , rows = 1, columns = 1] = matrices.shape;
  return div(normOf(matrices), Math.sqrt(rows * columns));
}

/**
 * Euclidean length along an axis, which stays with size 1. tfjs's own `norm` uses a power, which WebGL computes through
 * a logarithm, so its bits change with the scale.
 */
export function lengthAlong(values: Tensor, axis: number | number[]): Tensor {
  return sqrt(sum(square(values), axis, true));
}
