import { Add, Multiply, RealDiv, Sub, type TensorInfo } from '@tensorflow/tfjs-core';
import { heapOf, placeOf, replaceKernel, type KernelCall, type Operands } from './heap';

/** Elements up to which JavaScript is done before the module has been called. Measured. */
const SMALL = 1_024;

const NAMES = [Add, Sub, Multiply, RealDiv] as const;
type Name = (typeof NAMES)[number];

/**
 * Replaces the wasm backend's arithmetic for small tensors: calling into the module costs a microsecond, whatever is to be
 * done there. The bits are the same, since rounding a float64 result of float32 numbers is what IEEE 754 asks of float32.
 */
export function installArithmetic(): void {
  for (const name of NAMES) {
    replaceKernel<Operands, undefined>(name, (call) => elementwise(name, call));
  }
}

/** Up to three nested loops over the result, with the strides of both operands in them, innermost first. */
const sizes = [1, 1, 1];
const stridesOfA = [0, 0, 0];
const stridesOfB = [0, 0, 0];

function elementwise(name: Name, { inputs: { a, b }, backend }: KernelCall<Operands>): TensorInfo | null {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return null;
  const shape = loopsOf(a.shape, b.shape);
  if (!shape) return null;
  const out = backend.makeOutput(shape, 'float32');
  const heap = heapOf(backend) as unknown as Record<number, number>;
  const [n = 1, middle = 1, outer = 1] = sizes;
  const [a1 = 0, a2 = 0, a3 = 0] = stridesOfA;
  const [b1 = 0, b2 = 0, b3 = 0] = stridesOfB;
  const [left, right] = [placeOf(backend, a), placeOf(backend, b)];
  let at = placeOf(backend, out);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < middle; j++, at += n) {
      line(name, heap, n, at, left + i * a3 + j * a2, a1, right + i * b3 + j * b2, b1);
    }
  }
  return out;
}

/** The broadcast shape, its dimensions merged into loops; null where the result is too large, empty, or takes more loops. */
function loopsOf(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  let loop = -1;
  let [total, sizeOfA, sizeOfB] = [1, 1, 1];
  for (let i = 1; i <= rank; i++) {
    const [inA, inB] = [a[a.length - i] ?? 1, b[b.length - i] ?? 1];
    const size = inA === 1 ? inB : inA;
    if (inB !== size && inB !== 1) return null;
    shape[rank - i] = size;
    total *= size;
    if (size === 1) continue;
    const [strideA, strideB] = [inA === 1 ? 0 : sizeOfA, inB === 1 ? 0 : sizeOfB];
    const inside = loop < 0 ? 0 : (sizes[loop] ?? 1);
    const continues =
      loop >= 0 && strideA === (stridesOfA[loop] ?? 0) * inside && strideB === (stridesOfB[loop] ?? 0) * inside;
    if (continues) {
      sizes[loop] = inside * size;
    } else {
      if (++loop === 3) return null;
      sizes[loop] = size;
      stridesOfA[loop] = strideA;
      stridesOfB[loop] = strideB;
    }
    sizeOfA *= inA;
    sizeOfB *= inB;
  }
  for (let unused = loop + 1; unused < 3; unused++) sizes[unused] = 1;
  return total === 0 || total > SMALL ? null : shape;
}

/** `n` results from `at` on, from a[p], a[p + da], … and b[q], b[q + db], … The loops are spelled out to be compiled apart. */
function line(
  name: Name,
  heap: Record<number, number>,
  n: number,
  at: number,
  p: number,
  da: number,
  q: number,
  db: number,
): void {
  const end = at + n;
  switch (name) {
    case Add:
      for (; at < end; at++, p += da, q += db) heap[at] = (heap[p] as number) + (heap[q] as number);
      return;
    case Sub:
      for (; at < end; at++, p += da, q += db) heap[at] = (heap[p] as number) - (heap[q] as number);
      return;
    case Multiply:
      for (; at < end; at++, p += da, q += db) heap[at] = (heap[p] as number) * (heap[q] as number);
      return;
    case RealDiv:
      for (; at < end; at++, p += da, q += db) heap[at] = (heap[p] as number) / (heap[q] as number);
      return;
  }
}
