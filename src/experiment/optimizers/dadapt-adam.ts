import { abs, add, div, mul, sqrt, square, sub, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { withCoupledDecay, withDecayAt } from './math/decay';
import { constant, type Optimizer, type Step, type Updated } from './optimizer';
import { firstDistance, grown, isMoving, scaledRate, total, whereMoving } from './math/shared-distance';

/** The decay of both versions of D-Adaptation's Adam. */

type Decay = 'coupled' | 'decoupled';

/** A block in the middle of a step, before the distance is estimated again. */
interface DAdaptBlock {
  step: Step;
  rate: Tensor;
  /** The gradient times the rate. */
  pull: Tensor;
  mean: Tensor;
  spread: Tensor;
  /** √spread + eps after this step. */
  denominator: Tensor;
  /** The average of pulls before and after this step. */
  sumBefore: Tensor;
  sum: Tensor;
}

/** State: mean, spread and sum of each block, the distance, and the estimate's running number. */
const startOfDAdapt: Optimizer['start'] = (start) => {
  const distance = firstDistance(start);
  const zero = (): Tensor => zerosLike(start.weights);
  return [zero(), zero(), zero(), distance, zerosLike(distance)];
};

/**
 * Computes everything that does not depend on the new distance.
 * @param kept decay factor of the sum of pulls
 */
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
 * The step, with the distance of the step before.
 * @param size above 0 in variants that move
 * @param shared the state of the distance for the next step
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
 * D-Adaptation's Adam: averages gradients times an estimate d of the distance to the solution. All parameters share d,
 * and it only grows. Options: `growthRate` (0 = no limit), `biasCorrection`.
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

/** The contribution of one block to the estimate, with the denominator of the step before. */
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
