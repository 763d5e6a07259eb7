import { cast, less, matMul, mul, sigmoid, sub, type Tensor, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Matrix products, one for each variant: [variants | 1, m, k] times [variants | 1, k, n]; a leading 1 is shared by all.
 * All variants are computed in the same order, which is what makes their bits comparable. Where products are large, the
 * transposed operand should be the small one, and what never changes the right one: see backends/wasm-kernels/products.ts.
 */
export function product(a: Tensor3D, b: Tensor3D, transposeA = false, transposeB = false): Tensor3D {
  return matMul(a, b, transposeA, transposeB);
}

/**
 * −1, 0 or 1. tfjs's own `sign` takes everything below 1e-7 for 0 on WebAssembly, so that a twin with smaller gradients
 * would be another run.
 */
export function signOf<T extends Tensor>(values: T): T {
  return sub(cast(less(0, values), 'float32'), cast(less(values, 0), 'float32'));
}

/**
 * tanh, as `2·σ(2x) − 1`. tfjs's own takes some forty times as long on WebAssembly; this one is wrong by a few units in
 * the last place of 1.
 */
export function tanhOf<T extends Tensor>(values: T): T {
  return sub(mul(sigmoid(mul(values, 2)), 2), 1);
}
