import { Add, Multiply, RealDiv, Sub } from '@tensorflow/tfjs-core';
import { addressOf, register, type KernelModule, type Operands } from './register';

/** In the order of assembly/elementwise.ts. */
const NAMES = [Add, Sub, Multiply, RealDiv];

/** Up to three nested loops over the result, with the strides of both operands in them, innermost first. */
const sizes = [1, 1, 1];
const stridesOfA = [0, 0, 0];
const stridesOfB = [0, 0, 0];

/** Replaces the wasm backend's arithmetic, which takes long to start, and is slow where one operand is spread out. */
export function installArithmetic(kernels: KernelModule): void {
  NAMES.forEach((name, operation) => {
    register<Operands>(name, ({ inputs: { a, b }, backend }) => {
      const shape = a.dtype === 'float32' && b.dtype === 'float32' ? loopsOf(a.shape, b.shape) : null;
      if (!shape) return null;
      const out = backend.makeOutput(shape, 'float32');
      const [n = 1, middle = 1, outer = 1] = sizes;
      const [a1 = 0, a2 = 0, a3 = 0] = stridesOfA;
      const [b1 = 0, b2 = 0, b3 = 0] = stridesOfB;
      const [left, right, at] = [addressOf(backend, a), addressOf(backend, b), addressOf(backend, out)];
      kernels.elementwise(operation, n, middle, outer, at, left, a1, 4 * a2, 4 * a3, right, b1, 4 * b2, 4 * b3);
      return out;
    });
  });
}

/** The broadcast shape, its dimensions merged into loops; null where the result is empty, or takes more loops. */
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
    if (loop >= 0 && strideA === (stridesOfA[loop] ?? 0) * inside && strideB === (stridesOfB[loop] ?? 0) * inside) {
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
  return total === 0 ? null : shape;
}
