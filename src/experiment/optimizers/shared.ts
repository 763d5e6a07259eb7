import { add, greater, slice, sum, where, type Tensor } from '@tensorflow/tfjs-core';
import { sumOf } from './norms';

/** What all parameters of a variant share: one number a variant, [1, variants, 1, 1]. */

/** Sum over everything a variant trains; one tensor a block. */
export function total(blocks: readonly Tensor[]): Tensor {
  return blocks.map((block) => sum(sumOf(block), 0, true)).reduce((sofar, part) => add(sofar, part));
}

/** The number that the first parameter has, out of [parameters, variants, 1, 1]. */
export function ofFirst(perParameter: Tensor): Tensor {
  const [, variants = 1] = perParameter.shape;
  return slice(perParameter, [0, 0, 0, 0], [1, variants, 1, 1]);
}

/** `next` in the variants where `amount` is above 0, `old` in the others: what has seen no gradient stays. */
export function whereMoving(amount: Tensor, next: () => Tensor, old: Tensor): Tensor {
  return where(greater(amount, 0), next(), old);
}
