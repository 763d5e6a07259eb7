import { abs, add, div, mul, sqrt, square, sub, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { withCoupledDecay, withDecayAt } from './math/decay';
import { constant, type Optimizer, type Step, type Updated } from './optimizer';
import { firstDistance, grown, isMoving, scaledRate, total, whereMoving } from './math/shared-distance';

/** What D-Adaptation's Adam has in common, whichever way it estimates the distance. */

type Decay = 'coupled' | 'decoupled';

/** One block half-way through a step: all that is known before the distance is estimated anew. */
interface DAdaptBlock {
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
const startOfDAdapt: Optimizer['start'] = (start) => {
  const distance = firstDistance(start);
  const zero = (): Tensor => zerosLike(start.weights);
  return [zero(), zero(), zero(), distance, zerosLike(distance)];
};

/** @param kept how much of the sum of pulls is kept from step to step */
function blockOf(step: Step, decay: Decay, distance: Tensor, kept: number): DAdaptBlock {
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
function stepped(
  { step, rate, mean, spread, denominator, sum }: DAdaptBlock,
  decay: Decay,
  size: Tensor,
  shared: readonly Tensor[],
): Updated {
  const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
  const moved = whereMoving(size, sub(weights, div(mean, denominator)), step.weights);
  return { weights: moved, slots: [mean, spread, sum, ...shared] };
}

/**
 * D-Adaptation's Adam: the gradients are averaged times a guess d of the distance to the solution, which all parameters
 * share and which only grows. Options: `growthRate` (0 = no bound), `biasCorrection`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adam.py
 */
function dadaptAdamOf(decay: Decay): Optimizer {
  return {
    start: startOfDAdapt,
    update(steps) {
      const [first] = steps;
      if (!first) return [];
      const kept = Math.sqrt(first.settings.betas[1]);
      const [, , , distance = first.weights, numerator = first.weights] = first.slots;
      const blocks = steps.map((step) => blockOf(step, decay, distance, kept));

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ sum }) => abs(sum))), isMoving(first));
      const gained = averaged(numerator, total(blocks.map(gainOf)), kept);
      const estimate = whereMoving(size, div(gained, mul(size, 1 - kept)), distance);
      const shared = [grown(first, distance, estimate), whereMoving(size, gained, numerator)];
      return blocks.map((block) => stepped(block, decay, size, shared));
    },
  };
}

/** The denominator is that of the step before. */
function gainOf({ step, pull, sumBefore }: DAdaptBlock): Tensor {
  const [, spread = step.weights] = step.slots;
  return mul(pull, div(sumBefore, add(sqrt(spread), constant(step, 'eps'))));
}

export const dadaptAdam = dadaptAdamOf('coupled');
export const dadaptAdamDecoupled = dadaptAdamOf('decoupled');

/**
 * D-Adaptation's Adam as in the preprint: another estimate of the distance, from the squares of gradients and of their
 * sum. Option: `growthRate` (0 = no bound).
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/experimental/dadapt_adam_preprint.py
 */
function dadaptAdamPreprintOf(decay: Decay): Optimizer {
  return {
    start: startOfDAdapt,
    update(steps) {
      const [first] = steps;
      if (!first) return [];
      const [, beta2] = first.settings.betas;
      const [, , , distance = first.weights, squares = first.weights] = first.slots;
      const blocks = steps.map((step) => blockOf(step, decay, distance, beta2));

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ sum }) => abs(sum))), isMoving(first));
      const pulls = total(blocks.map(({ pull, denominator }) => div(square(pull), denominator)));
      const pulled = averaged(squares, pulls, beta2);
      const summed = div(total(blocks.map(({ sum, denominator }) => div(square(sum), denominator))), 1 - beta2);
      const estimate = whereMoving(size, div(sub(summed, pulled), size), distance);
      const shared = [grown(first, distance, estimate), whereMoving(size, pulled, squares)];
      return blocks.map((block) => stepped(block, decay, size, shared));
    },
  };
}

export const dadaptAdamPreprint = dadaptAdamPreprintOf('coupled');
export const dadaptAdamPreprintDecoupled = dadaptAdamPreprintOf('decoupled');
