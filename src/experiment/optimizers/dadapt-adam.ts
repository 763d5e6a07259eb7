import { abs, add, div, mul, sqrt, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './averages';
import { constant } from './constants';
import { withCoupledDecay, withDecayAt } from './decay';
import type { Optimizer } from './optimizer';
import { firstDistance, grown, isMoving, scaledRate, total, whereMoving } from './shared';

/**
 * D-Adaptation's Adam: the gradients are averaged times a guess d of the distance to the solution, which all parameters
 * share and which only grows. Options: `growthRate` (0 = no bound), `biasCorrection`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adam.py
 */
function dadaptAdamOf(decay: 'coupled' | 'decoupled'): Optimizer {
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
      const kept = Math.sqrt(beta2);
      const [, , , distance = first.weights, numerator = first.weights] = first.slots;

      const blocks = steps.map((step) => {
        const [mean = step.weights, spread = step.weights, sum = step.weights] = step.slots;
        const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
        const rate = scaledRate(step, distance);
        const pull = mul(gradient, rate);
        const eps = constant(step, 'eps');
        const nextSpread = averagedSquare(spread, gradient, beta2);
        return {
          step,
          rate,
          // The denominator is that of the step before.
          gain: mul(pull, div(sum, add(sqrt(spread), eps))),
          mean: averaged(mean, pull, beta1),
          spread: nextSpread,
          denominator: add(sqrt(nextSpread), eps),
          sum: averaged(sum, pull, kept),
        };
      });

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ sum }) => abs(sum))), isMoving(first));
      const gained = averaged(numerator, total(blocks.map(({ gain }) => gain)), kept);
      const estimate = whereMoving(size, div(gained, mul(size, 1 - kept)), distance);
      const shared = [grown(first, distance, estimate), whereMoving(size, gained, numerator)];

      return blocks.map(({ step, rate, mean, spread, denominator, sum }) => {
        const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
        const moved = whereMoving(size, sub(weights, div(mean, denominator)), step.weights);
        return { weights: moved, slots: [mean, spread, sum, ...shared] };
      });
    },
  };
}

export const dadaptAdam = dadaptAdamOf('coupled');
export const dadaptAdamDecoupled = dadaptAdamOf('decoupled');
