import { BatchMatMul, type TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelModule } from './module';
import { placeOf, replaceKernel, type KernelCall, type Operands } from './register';

interface Transposition {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * Replaces the batched product of the wasm backend, which is fast only for a single pair of matrices neither of which is
 * transposed. Our kernel adds up every product in the order of the inner dimension, so a variant gets the same bits
 * whatever other variants are trained in the same run.
 */
export function installProducts(kernels: KernelModule): void {
  replaceKernel(BatchMatMul, (call: KernelCall<Operands, Transposition>) => batchMatMul(kernels, call));
}

function batchMatMul(
  kernels: KernelModule,
  { inputs: { a, b }, attrs: { transposeA, transposeB }, backend }: KernelCall<Operands, Transposition>,
): TensorInfo | null {
  const [countA, heightA, widthA] = stackOf(a);
  const [countB, heightB, widthB] = stackOf(b);
  const [rows, inner] = transposeA ? [widthA, heightA] : [heightA, widthA];
  const columns = transposeB ? heightB : widthB;
  const isAlike = String(a.shape.slice(0, -2)) === String(b.shape.slice(0, -2));
  const isSimple = isAlike || countA === 1 || countB === 1;
  if (!isSimple || a.shape.length !== b.shape.length || rows * inner * columns === 0) return null;
  const outer = (countA < countB ? b : a).shape.slice(0, -2);
  const out = backend.makeOutput([...outer, rows, columns], 'float32');
  // One right operand for all: their rows make one matrix.
  const isOne = countB === 1 && !transposeA;
  const [count, height] = isOne ? [1, countA * rows] : [Math.max(countA, countB), rows];
  const [nextA, nextB] = [countA === 1 ? 0 : 4 * rows * inner, countB === 1 ? 0 : 4 * inner * columns];
  const scratch = kernels.scratch(kernels.bytesOfPanels(inner, columns));
  const [left, right] = [placeOf(backend, a), placeOf(backend, b)];
  const target = placeOf(backend, out);
  kernels.products(count, left, nextA, +transposeA, right, nextB, +transposeB, target, height, inner, columns, scratch);
  return out;
}

/** Matrices one after the other in memory; 1 = one for all. */
function stackOf({ shape }: TensorInfo): [count: number, rows: number, columns: number] {
  const [rows = 1, columns = 1] = shape.slice(-2);
  return [shape.slice(0, -2).reduce((count, size) => count * size, 1), rows, columns];
}
