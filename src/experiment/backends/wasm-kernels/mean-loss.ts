import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { MEAN_LOSS } from '../../tensors/fused';
import { heapOf, placeOf, registerOwn, type KernelCall } from './heap';

interface Inputs {
  /** [variants, …] */
  error: TensorInfo;
}

interface Attributes {
  loss: 'mse' | 'l1';
}

/**
 * The mean square or the mean absolute value of each variant's error in one pass: a square of its own for every element would be
 * written and read again, which takes longer than to compute it. Added up in float64.
 */
export function installMeanLoss(): void {
  registerOwn<Inputs, Attributes>(MEAN_LOSS, meanLoss);
}

function meanLoss({ inputs: { error }, attrs: { loss }, backend }: KernelCall<Inputs, Attributes>): TensorInfo[] {
  const [variants = 0] = error.shape;
  const size = util.sizeFromShape(error.shape.slice(1));
  const out = backend.makeOutput([variants], 'float32');
  const heap = heapOf(backend) as unknown as Record<number, number>;
  const [from, to] = [placeOf(backend, error), placeOf(backend, out)];
  const total = loss === 'mse' ? squares : magnitudes;
  for (let i = 0; i < variants; i++) heap[to + i] = Math.fround(total(heap, from + i * size, size)) / size;
  return [out];
}

/** Two sums side by side; two loops, to be compiled apart. */
function squares(heap: Record<number, number>, from: number, size: number): number {
  let even = 0;
  let odd = 0;
  const end = from + size;
  let i = from;
  for (const last = end - 1; i < last; i += 2) {
    const one = heap[i] as number;
    const other = heap[i + 1] as number;
    even += one * one;
    odd += other * other;
  }
  if (i < end) even += (heap[i] as number) ** 2;
  return even + odd;
}

function magnitudes(heap: Record<number, number>, from: number, size: number): number {
  let even = 0;
  let odd = 0;
  const end = from + size;
  let i = from;
  for (const last = end - 1; i < last; i += 2) {
    even += Math.abs(heap[i] as number);
    odd += Math.abs(heap[i + 1] as number);
  }
  if (i < end) even += Math.abs(heap[i] as number);
  return even + odd;
}
