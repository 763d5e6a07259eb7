import type { TensorInfo } from '@tensorflow/tfjs-core';
import { LINEAR_PASS } from '../../tensors/fused';
import { heapOf, placeOf, registerOwn, type KernelCall } from './heap';

interface Inputs {
  /** [variants | 1, rows, width] */
  seen: TensorInfo;
  /** [variants | 1, rows, width] */
  residual: TensorInfo;
  /** A and Bᵀ, [2, variants, rank, width] */
  weights: TensorInfo;
  /** [variants, 1, 1] */
  scaling: TensorInfo;
  /** [variants, 1, 1] */
  slope: TensorInfo;
}

interface Attributes {
  loss: 'mse' | 'l1';
}

/** Both passes through a small layer with LoRA in one call, row by row: the formulas are those of tasks/linear.ts. */
export function installLinearPass(): void {
  registerOwn<Inputs, Attributes>(LINEAR_PASS, linearPass);
}

const { fround } = Math;
let sums = new Float64Array();
let hidden = new Float64Array();

/** @returns the loss, [variants], and its gradient, in the shape of the weights */
function linearPass({ inputs, attrs, backend }: KernelCall<Inputs, Attributes>): TensorInfo[] {
  const { seen, residual, weights } = inputs;
  const [, variants = 0, rank = 0, width = 0] = weights.shape;
  const [, rows = 0] = seen.shape;
  const loss = backend.makeOutput([variants], 'float32');
  const gradient = backend.makeOutput(weights.shape, 'float32');
  const heap = heapOf(backend) as unknown as Record<number, number>;
  const [scalings, slopes] = [placeOf(backend, inputs.scaling), placeOf(backend, inputs.slope)];
  const [losses, gradients] = [placeOf(backend, loss), placeOf(backend, gradient)];
  const [atX, atResidual, atA] = [placeOf(backend, seen), placeOf(backend, residual), placeOf(backend, weights)];
  const [matrix, table] = [rank * width, rows * width];
  const toB = variants * matrix;
  const nextX = seen.shape[0] === 1 ? 0 : table;
  const nextResidual = residual.shape[0] === 1 ? 0 : table;
  if (sums.length < 2 * matrix + width) sums = new Float64Array(2 * matrix + width);
  if (hidden.length < 2 * rank) hidden = new Float64Array(2 * rank);
  const isSquare = attrs.loss === 'mse';

  for (let variant = 0; variant < variants; variant++) {
    const [s, slope] = [heap[scalings + variant] as number, heap[slopes + variant] as number];
    const a = atA + variant * matrix;
    const b = a + toB;
    let cost = 0;
    sums.fill(0, 0, 2 * matrix);
    for (let row = 0; row < rows; row++) {
      const x = atX + variant * nextX + row * width;
      const e = atResidual + variant * nextResidual + row * width;
      for (let j = 0; j < rank; j++) {
        const h = dot(heap, x, a + j * width, width);
        hidden[j] = h;
        hidden[rank + j] = fround(s * h);
      }
      for (let i = 0; i < width; i++) {
        let output = 0;
        for (let j = 0; j < rank; j++) {
          output += (hidden[rank + j] as number) * (heap[b + j * width + i] as number);
        }
        const error = fround((heap[e + i] as number) + fround(output));
        cost += isSquare ? fround(error * error) : Math.abs(error);
        sums[2 * matrix + i] = isSquare ? error : signOf(error);
      }
      for (let j = 0, at = 0; j < rank; j++) {
        let back = 0;
        for (let i = 0; i < width; i++) back += (sums[2 * matrix + i] as number) * (heap[b + j * width + i] as number);
        const toA = fround(slope * fround(back));
        const toBOfRow = fround(slope * (hidden[j] as number));
        for (let i = 0; i < width; i++, at++) {
          sums[at] = (sums[at] as number) + toA * (heap[x + i] as number);
          sums[matrix + at] = (sums[matrix + at] as number) + toBOfRow * (sums[2 * matrix + i] as number);
        }
      }
    }
    heap[losses + variant] = fround(cost) / table;
    const target = gradients + variant * matrix;
    for (let i = 0; i < matrix; i++) {
      heap[target + i] = sums[i] as number;
      heap[target + toB + i] = sums[matrix + i] as number;
    }
  }
  return [loss, gradient];
}

function dot(heap: Record<number, number>, p: number, q: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += (heap[p + i] as number) * (heap[q + i] as number);
  return fround(sum);
}

/** Of what is no number, too, it is 0: as sign.ts has it. */
function signOf(value: number): number {
  return value > 0 ? 1 : value < 0 ? -1 : 0;
}
