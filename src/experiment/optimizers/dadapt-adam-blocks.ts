import { add, div, mul, sqrt, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './averages';
import { constant } from './constants';
import { withCoupledDecay, withDecayAt } from './decay';
import type { Optimizer, Step, Updated } from './optimizer';
import { firstDistance, scaledRate, whereMoving } from './shared';

/** What D-Adaptation's Adam has in common, whichever way it estimates the distance. */

export type Decay = 'coupled' | 'decoupled';

/** One block half-way through a step: all that is known before the distance is estimated anew. */
export interface DAdaptBlock {
  step: Step;
  rate: Tensor;
  /** The gradient times the rate. */
  pull: Tensor;
  mean: Tensor;
  spread: Tensor;
  /** √spread + eps after this step. */
  denominator: Tensor;
  /** The average of pulls, before this step and after it. */
  sumBefore: Tensor;
  sum: Tensor;
}

/** Mean, spread and sum of each block, the distance, and the running number of the estimate. */
export const startOfDAdapt: Optimizer['start'] = (start) => {
  const distance = firstDistance(start);
  const zero = (): Tensor => zerosLike(start.weights);
  return [zero(), zero(), zero(), distance, zerosLike(distance)];
};

/** @param kept how much of the sum of pulls is kept from step to step */
export function blockOf(step: Step, decay: Decay, distance: Tensor, kept: number): DAdaptBlock {
  const [beta1, beta2] = step.settings.betas;
  const [mean = step.weights, spread = step.weights, sum = step.weights] = step.slots;
  const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
  const rate = scaledRate(step, distance);
  const pull = mul(gradient, rate);
  const nextSpread = averagedSquare(spread, gradient, beta2);
  return {
    step,
    rate,
    pull,
    mean: averaged(mean, pull, beta1),
    spread: nextSpread,
    denominator: add(sqrt(nextSpread), constant(step, 'eps')),
    sumBefore: sum,
    sum: averaged(sum, pull, kept),
  };
}

/**
 * The step itself, which goes by the distance of the step before.
 * @param size above 0 in the variants that move
 * @param shared what the next step knows of the distance
 */
export function stepped(
  { step, rate, mean, spread, denominator, sum }: DAdaptBlock,
  decay: Decay,
  size: Tensor,
  shared: readonly Tensor[],
): Updated {
  const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
  const moved = whereMoving(size, sub(weights, div(mean, denominator)), step.weights);
  return { weights: moved, slots: [mean, spread, sum, ...shared] };
}
