import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { ADAM_UPDATE, SGD_UPDATE } from '../../tensors/fused';
import { heapOf, placeOf, registerOwn, type KernelCall } from './heap';

interface Moved {
  /** [parameters, variants, rows, columns], as the others that say nothing else */
  weights: TensorInfo;
  gradient: TensorInfo;
  /** [parameters, variants, 1, 1] */
  rate: TensorInfo;
}

interface Averaged extends Moved {
  mean: TensorInfo;
  spread: TensorInfo;
  /** [parameters, variants, 1, 1] */
  eps: TensorInfo;
}

interface Betas {
  beta1: number;
  beta2: number;
  /** √(1 − β₂ᵗ) */
  correction2: number;
}

/**
 * The updates of optimizers/sgd.ts and adam.ts in one pass over the memory. Every operation is rounded to float32 as it is when
 * tfjs does one after the other, so the bits are the same.
 */
export function installUpdates(): void {
  registerOwn<Moved, undefined>(SGD_UPDATE, sgdUpdate);
  registerOwn<Averaged, Betas>(ADAM_UPDATE, adamUpdate);
}

const { fround, sqrt } = Math;

function sgdUpdate({ inputs, backend }: KernelCall<Moved>): TensorInfo[] {
  const { weights, gradient, rate } = inputs;
  const out = backend.makeOutput(weights.shape, 'float32');
  const heap = heapOf(backend) as unknown as Record<number, number>;
  const size = util.sizeFromShape(weights.shape.slice(2));
  const [rates, count] = [placeOf(backend, rate), util.sizeFromShape(rate.shape)];
  let [w, g, at] = [placeOf(backend, weights), placeOf(backend, gradient), placeOf(backend, out)];
  for (let i = 0; i < count; i++) {
    const lr = heap[rates + i] as number;
    for (const end = at + size; at < end; at++) {
      heap[at] = (heap[w++] as number) - fround((heap[g++] as number) * lr);
    }
  }
  return [out];
}

/** @returns weights, mean and spread */
function adamUpdate({ inputs, attrs, backend }: KernelCall<Averaged, Betas>): TensorInfo[] {
  const { weights, gradient, mean, spread, rate, eps } = inputs;
  const outs = [weights, mean, spread].map(({ shape }) => backend.makeOutput(shape, 'float32'));
  const heap = heapOf(backend) as unknown as Record<number, number>;
  const size = util.sizeFromShape(weights.shape.slice(2));
  const count = util.sizeFromShape(rate.shape);
  const [rates, all] = [placeOf(backend, rate), placeOf(backend, eps)];
  const [w = 0, g = 0, m = 0, v = 0] = [weights, gradient, mean, spread].map((each) => placeOf(backend, each));
  const [toW = 0, toM = 0, toV = 0] = outs.map((each) => placeOf(backend, each));
  // lerp starts from the nearer end.
  const isNear = 1 - attrs.beta1 < 0.5;
  const way = fround(isNear ? 1 - attrs.beta1 : 1 - (1 - attrs.beta1));
  const [kept, added] = [fround(attrs.beta2), fround(1 - attrs.beta2)];
  const correction2 = fround(attrs.correction2);
  for (let i = 0, at = 0; i < count; i++) {
    const [lr, least] = [heap[rates + i] as number, heap[all + i] as number];
    for (const end = at + size; at < end; at++) {
      const slope = heap[g + at] as number;
      const before = heap[m + at] as number;
      const gap = fround(fround(slope - before) * way);
      const first = fround(isNear ? before + gap : slope - gap);
      const second = fround(fround((heap[v + at] as number) * kept) + fround(fround(slope * added) * slope));
      const denominator = fround(fround(fround(sqrt(second)) / correction2) + least);
      heap[toW + at] = (heap[w + at] as number) - fround(fround(lr * first) / denominator);
      heap[toM + at] = first;
      heap[toV + at] = second;
    }
  }
  return outs;
}
