import { BatchMatMul, type TensorInfo } from '@tensorflow/tfjs-core';
import { heapOf, placeOf, replaceKernel, type KernelCall, type Operands, type WasmBackend } from './heap';
import { stackOf, type Operand, type Product } from './stack';
import { byXnnpack, prepareXnnpack } from './xnnpack';

/** Multiplications in one product above which XNNPACK is worth what it takes to call it. Measured. */
const LARGE = 3_000;

interface Transposition {
  transposeA: boolean;
  transposeB: boolean;
}

/**
 * Replaces the batched product of the wasm backend, which takes XNNPACK's way only for a single pair of matrices neither of
 * which is transposed, and elsewhere a way that is ten times slower. Here large products go to XNNPACK matrix by matrix,
 * straight from and to the place where they lie; what is to be transposed is copied, so it should be the small
 * operand. Small ones are multiplied in JavaScript, summed in float64.
 *
 * Whether a product is large depends on the shape of one matrix alone, never on how many there are; and all ways to XNNPACK
 * add up in the order of the inner dimension. So a variant gets the same bits in any company.
 */
export function installProducts(): void {
  replaceKernel<Operands, Transposition>(BatchMatMul, batchMatMul, prepareXnnpack);
}

function batchMatMul({ inputs: { a, b }, attrs, backend }: KernelCall<Operands, Transposition>): TensorInfo | null {
  const { transposeA, transposeB } = attrs;
  const [left, right] = [stackOf(a), stackOf(b)];
  const rows = transposeA ? left.columns : left.rows;
  const inner = transposeA ? left.rows : left.columns;
  const columns = transposeB ? right.rows : right.columns;
  const outer = (left.count < right.count ? b : a).shape.slice(0, -2);
  const isSimple = left.count === right.count || left.count === 1 || right.count === 1;
  if (!isSimple || a.shape.length !== b.shape.length || rows * inner * columns === 0) return null;
  const out = backend.makeOutput([...outer, rows, columns], 'float32');
  const multiplied = rows * inner * columns < LARGE ? small : byXnnpack;
  multiplied(backend, [a, left, transposeA], [b, right, transposeB], out, { rows, inner, columns });
  return out;
}

function small(
  backend: WasmBackend,
  [a, left, transposeA]: Operand,
  [b, right, transposeB]: Operand,
  out: TensorInfo,
  { rows, inner, columns }: Product,
): void {
  const heap = heapOf(backend) as unknown as Record<number, number>;
  const count = Math.max(left.count, right.count);
  const [aRow, aStep] = transposeA ? [1, left.columns] : [left.columns, 1];
  const [bColumn, bStep] = transposeB ? [right.columns, 1] : [1, right.columns];
  const aNext = left.count === 1 ? 0 : rows * inner;
  const bNext = right.count === 1 ? 0 : inner * columns;
  let aStart = placeOf(backend, a);
  let bStart = placeOf(backend, b);
  let at = placeOf(backend, out);
  for (let n = 0; n < count; n++, aStart += aNext, bStart += bNext) {
    for (let i = 0; i < rows; i++) {
      let j = 0;
      for (; j + 3 < columns; j += 4) {
        let [s0, s1, s2, s3] = [0, 0, 0, 0];
        let p = aStart + i * aRow;
        let q = bStart + j * bColumn;
        for (let k = 0; k < inner; k++, p += aStep, q += bStep) {
          const x = heap[p] as number;
          s0 += x * (heap[q] as number);
          s1 += x * (heap[q + bColumn] as number);
          s2 += x * (heap[q + 2 * bColumn] as number);
          s3 += x * (heap[q + 3 * bColumn] as number);
        }
        heap[at] = s0;
        heap[at + 1] = s1;
        heap[at + 2] = s2;
        heap[at + 3] = s3;
        at += 4;
      }
      for (; j < columns; j++) {
        let sum = 0;
        let p = aStart + i * aRow;
        let q = bStart + j * bColumn;
        for (let k = 0; k < inner; k++, p += aStep, q += bStep) sum += (heap[p] as number) * (heap[q] as number);
        heap[at++] = sum;
      }
    }
  }
}
