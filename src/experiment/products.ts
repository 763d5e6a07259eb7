import { matMul, reshape, stack, tidy, transpose, unstack, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';

/** Multiplications in one product, per variant, above which single products beat the batched one. Measured. */
const LARGE = 4_096;

/**
 * Matrix products, one for each variant: [variants | 1, m, k] times [variants | 1, k, n]; a leading 1 is shared by all.
 *
 * The batched product costs one operation for all variants but runs at a tenth of the speed of a plain, untransposed
 * 2-D product on wasm. So small products stay batched, and large ones are taken apart. Which way is taken depends on
 * the shapes alone: all variants are computed in the same order, which is what makes their bits comparable.
 * When products are large it is the transposed operand that should be the small one.
 */
export function product(a: Tensor3D, b: Tensor3D, transposeA = false, transposeB = false): Tensor3D {
  const [, rows, inner] = transposeA ? swapped(a.shape) : a.shape;
  const columns = transposeB ? b.shape[1] : b.shape[2];
  const count = Math.max(a.shape[0], b.shape[0]);
  if (rows * inner * columns < LARGE * count) return matMul(a, b, transposeA, transposeB);
  return tidy(() => {
    const left = matricesOf(a, transposeA);
    const right = matricesOf(b, transposeB);
    const products = Array.from({ length: count }, (_, i) => matMul(pick(left, i), pick(right, i)));
    const [only] = products;
    return products.length === 1 && only ? reshape(only, [1, rows, columns]) : (stack(products) as Tensor3D);
  });
}

function matricesOf(tensor: Tensor3D, transposed: boolean): Tensor2D[] {
  const [count, rows, columns] = tensor.shape;
  const matrices = (count === 1 ? [reshape(tensor, [rows, columns])] : unstack(tensor)) as Tensor2D[];
  return transposed ? matrices.map((matrix) => transpose(matrix)) : matrices;
}

function pick(matrices: readonly Tensor2D[], index: number): Tensor2D {
  const matrix = matrices[matrices.length === 1 ? 0 : index];
  if (!matrix) throw new Error(`a product of ${matrices.length} matrices has no number ${index}`);
  return matrix;
}

function swapped([count, rows, columns]: [number, number, number]): [number, number, number] {
  return [count, columns, rows];
}
