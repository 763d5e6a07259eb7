import { abs, add, div, mul, sqrt, square, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './averages';
import { constant } from './constants';
import { withCoupledDecay, withDecayAt } from './decay';
import type { Optimizer } from './optimizer';
import { firstDistance, grown, isMoving, scaledRate, total, whereMoving } from './shared';

/**
 * D-Adaptation's Adam as in the preprint: another estimate of the distance, from the squares of gradients and of their
 * sum. Option: `growthRate` (0 = no bound).
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/experimental/dadapt_adam_preprint.py
 */
function dadaptAdamPreprintOf(decay: 'coupled' | 'decoupled'): Optimizer {
  return {
    start(start) {
      const distance = firstDistance(start);
      const zero = (): Tensor => zerosLike(start.weights);
      return [zero(), zero(), zero(), distance, zerosLike(distance)];
    },

    update(steps) {
      const [first] = steps;
      if (!first) return [];
      const [beta1, beta2] = first.settings.betas;
      const [, , , distance = first.weights, squares = first.weights] = first.slots;

      const blocks = steps.map((step) => {
        const [mean = step.weights, spread = step.weights, sum = step.weights] = step.slots;
        const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
        const rate = scaledRate(step, distance);
        const pull = mul(gradient, rate);
        const nextSpread = averagedSquare(spread, gradient, beta2);
        const denominator = add(sqrt(nextSpread), constant(step, 'eps'));
        const nextSum = averaged(sum, pull, beta2);
        return {
          step,
          rate,
          denominator,
          mean: averaged(mean, pull, beta1),
          spread: nextSpread,
          sum: nextSum,
          pullSquare: div(square(pull), denominator),
          sumSquare: div(square(nextSum), denominator),
        };
      });

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ sum }) => abs(sum))), isMoving(first));
      const pulled = averaged(squares, total(blocks.map(({ pullSquare }) => pullSquare)), beta2);
      const summed = div(total(blocks.map(({ sumSquare }) => sumSquare)), 1 - beta2);
      const estimate = whereMoving(size, div(sub(summed, pulled), size), distance);
      const shared = [grown(first, distance, estimate), whereMoving(size, pulled, squares)];

      return blocks.map(({ step, rate, denominator, mean, spread, sum }) => {
        const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
        const moved = whereMoving(size, sub(weights, div(mean, denominator)), step.weights);
        return { weights: moved, slots: [mean, spread, sum, ...shared] };
      });
    },
  };
}

export const dadaptAdamPreprint = dadaptAdamPreprintOf('coupled');
export const dadaptAdamPreprintDecoupled = dadaptAdamPreprintOf('decoupled');
