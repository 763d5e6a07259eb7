import { abs, add, div, mul, sqrt, square, sub, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { withCoupledDecay, withDecayAt } from './math/decay';
import { constant, type Optimizer, type Step, type Updated } from './optimizer';
import { firstDistance, grown, isMoving, scaledRate, total, whereMoving } from './math/shared-distance';

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
 * and it only grows. `squares` is the estimate of the preprint, from the squares of gradients and of their sum.
 * Options: `growthRate` (0 = no limit), `biasCorrection`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adam.py
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/experimental/dadapt_adam_preprint.py
 */
function dadaptAdamOf(estimateBy: 'inner-product' | 'squares', decay: Decay): Optimizer {
  return {
    start: startOfDAdapt,
    update(steps) {
      const [first] = steps;
      const [, beta2] = first.settings.betas;
      const bySquares = estimateBy === 'squares';
      const kept = bySquares ? beta2 : Math.sqrt(beta2);
      const [, , , distance = first.weights, remembered = first.weights] = first.slots;
      const blocks = steps.map((step) => blockOf(step, decay, distance, kept));

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ sum }) => abs(sum))), isMoving(first));
      const average = averaged(remembered, total(blocks.map(bySquares ? pullSquareOf : gainOf)), kept);
      const ratio = bySquares
        ? div(sub(div(total(blocks.map(sumSquareOf)), 1 - kept), average), size)
        : div(average, mul(size, 1 - kept));
      const estimate = whereMoving(size, ratio, distance);
      const shared = [grown(first, distance, estimate), whereMoving(size, average, remembered)];
      return blocks.map((block) => stepped(block, decay, size, shared));
    },
  };
}

/** The contribution of one block to the estimate, with the denominator of the step before. */
function gainOf({ step, pull, sumBefore }: DAdaptBlock): Tensor {
  const [, spread = step.weights] = step.slots;
  return mul(pull, div(sumBefore, add(sqrt(spread), constant(step, 'eps'))));
}

const pullSquareOf = ({ pull, denominator }: DAdaptBlock): Tensor => div(square(pull), denominator);
const sumSquareOf = ({ sum, denominator }: DAdaptBlock): Tensor => div(square(sum), denominator);

export const dadaptAdam = dadaptAdamOf('inner-product', 'coupled');
export const dadaptAdamDecoupled = dadaptAdamOf('inner-product', 'decoupled');
export const dadaptAdamPreprint = dadaptAdamOf('squares', 'coupled');
export const dadaptAdamPreprintDecoupled = dadaptAdamOf('squares', 'decoupled');
