import { abs, add, div, mul, sqrt, type Tensor } from '@tensorflow/tfjs-core';
import { averaged } from './averages';
import { constant } from './constants';
import { blockOf, startOfDAdapt, stepped, type DAdaptBlock, type Decay } from './dadapt-adam-blocks';
import type { Optimizer } from './optimizer';
import { grown, isMoving, total, whereMoving } from './shared';

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
