import { cast, less, matMul, mul, sigmoid, sub, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * One matrix product for each variant: [variants | 1, m, k] times [variants | 1, k, n]; a leading 1 is shared by all.
 * All variants use the same order of operations, so their bits are comparable; see backends/kernels/products.ts.
 */
export function product(a: Tensor3D, b: Tensor3D, transposeA = false, transposeB = false): Tensor3D {
  return matMul(a, b, transposeA, transposeB);
}

/**
 * −1, 0 or 1. On WebAssembly, tfjs's `sign` returns 0 for everything below 1e-7, so a rescaled run with smaller
 * gradients would differ.
 */
export function signOf<T extends Tensor>(values: T): T {
  return sub(cast(less(0, values), 'float32'), cast(less(values, 0), 'float32'));
}

/**
 * tanh as `2·σ(2x) − 1`, off by a few units in the last place of 1. tfjs's own takes about forty times as long on
 * WebAssembly.
 */
export function tanhOf<T extends Tensor>(values: T): T {
  return sub(mul(sigmoid(mul(values, 2)), 2), 1);
}
