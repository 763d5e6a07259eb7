import { zerosLike } from '@tensorflow/tfjs-core';
import type { Optimizer } from './optimizer';

/** A memory of `count` tensors in the shape of the weights, all zero at first. */
export function zeros(count: number): Optimizer['start'] {
  return ({ weights }) => Array.from({ length: count }, () => zerosLike(weights));
}
