import { matMul, type Tensor3D } from '@tensorflow/tfjs-core';

/**
 * Matrix products, one for each variant: [variants | 1, m, k] times [variants | 1, k, n]; a leading 1 is shared by all.
 * All variants are computed in the same order, which is what makes their bits comparable. Where products are large, the
 * transposed operand should be the small one, and what never changes the right one: see backends/wasm-kernels/products.ts.
 */
export function product(a: Tensor3D, b: Tensor3D, transposeA = false, transposeB = false): Tensor3D {
  return matMul(a, b, transposeA, transposeB);
}
