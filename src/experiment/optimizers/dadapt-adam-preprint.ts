import { abs, div, mul, square, sub } from '@tensorflow/tfjs-core';
import { averaged } from './averages';
import { blockOf, startOfDAdapt, stepped, type Decay } from './dadapt-adam-blocks';
import type { Optimizer } from './optimizer';
import { grown, isMoving, total, whereMoving } from './shared';

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
