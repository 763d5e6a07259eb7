import { tensor, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';
import { product } from '../../tensors/operations';
import { eigenOf } from './eigen';
import { matricesOf } from './matrices';

/** The eigenvectors of every matrix of a stack. */
export interface Bases {
  /** [matrices, size, size], each matrix with its vectors as columns. */
  vectors: Tensor3D;
  /** Eigenvalues of each matrix, in ascending order. */
  values: Float64Array[];
}

/**
 * Eigenvectors of each matrix. Downloads the numbers (`dataSync`), because tfjs has no eigendecomposition; JavaScript
 * decomposes a few hundred small matrices in the time of a few tensor operations.
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

/** Gram matrices of the gradients, one of each per matrix: G·Gᵀ of the rows and Gᵀ·G of the columns. */
export function gramsOf(gradient: Tensor): { left: Tensor3D; right: Tensor3D } {
  const matrices = matricesOf(gradient);
  return { left: product(matrices, matrices, false, true), right: product(matrices, matrices, true) };
}

/** Every matrix in the bases of its rows and columns: Lᵀ·X·R. */
export function into(matrices: Tensor3D, left: Bases, right: Bases): Tensor3D {
  return product(product(left.vectors, matrices, true), right.vectors);
}

/** The inverse of {@link into}: L·X·Rᵀ. */
export function outOf(matrices: Tensor3D, left: Bases, right: Bases): Tensor3D {
  return product(product(left.vectors, matrices), right.vectors, false, true);
}
