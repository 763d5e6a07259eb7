import { tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../../tensors/operations';
import { eigenOf } from './eigen';
import { matricesOf } from './matrices';

/** The eigenvectors of every matrix of a stack. */
export interface Bases {
  /** [matrices, size, size], each matrix with its vectors as columns. */
  vectors: Tensor3D;
  /** Of each matrix, from the smallest. */
  values: Float64Array[];
}

/**
 * Waits for the numbers (`dataSync`), because tfjs cannot decompose a matrix: a few hundred small ones a step, which
 * JavaScript does in the time of a few tensor operations.
 * @param symmetric [matrices, size, size]
 */
export function basesOf(symmetric: Tensor3D): Bases {
  const [count, size] = symmetric.shape;
  const numbers = symmetric.dataSync();
  const eigen = Array.from({ length: count }, (_, i) =>
    eigenOf(numbers.subarray(i * size ** 2, (i + 1) * size ** 2), size),
  );
  const vectors = new Float32Array(count * size ** 2);
  eigen.forEach((each, i) => vectors.set(each.vectors, i * size ** 2));
  return { vectors: tensor(vectors, [count, size, size]) as Tensor3D, values: eigen.map(({ values }) => values) };
}

/** What the rows and the columns of the gradients have in common: G·Gᵀ and Gᵀ·G, one a matrix. */
export function gramsOf(gradient: Tensor): { left: Tensor3D; right: Tensor3D } {
  const matrices = matricesOf(gradient);
  return { left: product(matrices, matrices, false, true), right: product(matrices, matrices, true) };
}

/** Every matrix as it looks from the bases of its rows and columns: Lᵀ·X·R. */
export function into(matrices: Tensor3D, left: Bases, right: Bases): Tensor3D {
  return product(product(left.vectors, matrices, true), right.vectors);
}

/** And back: L·X·Rᵀ. */
export function outOf(matrices: Tensor3D, left: Bases, right: Bases): Tensor3D {
  return product(product(left.vectors, matrices), right.vectors, false, true);
}
