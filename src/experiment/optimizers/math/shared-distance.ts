import { add, greater, maximum, minimum, mul, slice, sum, where, type Tensor } from '@tensorflow/tfjs-core';
import { constant, option, rateOf, type Start, type Step } from '../optimizer';
import { sumOf } from './norms';

/*
 * Numbers that all parameters of a variant share in Prodigy and D-Adaptation, [1, variants, 1, 1] each. Every block
 * holds a copy.
 */

/** Sum over all parameters of a variant, from one tensor per block. */
export function total(blocks: readonly Tensor[]): Tensor {
  return blocks.map((block) => sum(sumOf(block), 0, true)).reduce((sofar, part) => add(sofar, part));
}

/** The first parameter's number, out of [parameters, variants, 1, 1]: the first group decides shared numbers. */
export function ofFirst(perParameter: Tensor): Tensor {
  return slice(perParameter, [0, 0, 0, 0], [1, perParameter.shape[1] ?? 1, 1, 1]);
}

/** The initial guess of the distance. */
export function firstDistance(start: Pick<Start, 'each'>): Tensor {
  return ofFirst(constant(start, 'd0'));
}

/** `next` in variants with `amount` above 0, `old` in the others: without a gradient, nothing changes. */
export function whereMoving(amount: Tensor, next: Tensor, old: Tensor): Tensor {
  return where(greater(amount, 0), next, old);
}

/** The larger of both distances, at most `growthRate` times the old one (0 = no limit). */
export function grown(step: Step, old: Tensor, estimate: Tensor): Tensor {
  const most = option(step, 'growthRate', 0);
  return maximum(old, most > 0 ? minimum(estimate, mul(old, most)) : estimate);
}

/** distance · lr · Adam's bias correction where `biasCorrection` is set, [parameters, variants, 1, 1]. */
export function scaledRate(step: Step, distance: Tensor): Tensor {
  const { settings, number } = step;
  const [beta1, beta2] = settings.betas;
  const correction = option(step, 'biasCorrection', 0) ? Math.sqrt(1 - beta2 ** number) / (1 - beta1 ** number) : 1;
  return mul(distance, rateOf(step, correction));
}

/** 1 where the rate of this step is above 0, else 0. */
export function isMoving({ each }: Step): Tensor {
  return ofFirst(each(({ lr }) => (lr > 0 ? 1 : 0)));
}
