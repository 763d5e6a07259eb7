import { abs, div, maximum, mul, sub, zerosLike } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { averaged } from './math/averages';
import { withDecayAt } from './math/decay';
import type { Optimizer } from './optimizer';
import { firstDistance, isMoving, scaledRate, total, whereMoving } from './math/shared-distance';

/**
 * D-Adaptation's Lion: the sign of an average that weighs earlier gradients by d·lr and the current gradient by 1, as
 * in the source. All parameters share the distance d, which only grows.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_lion.py
 */
export const dadaptLion: Optimizer = {
  start(start) {
    const distance = firstDistance(start);
    return [zerosLike(start.weights), zerosLike(start.weights), distance, zerosLike(distance)];
  },

  update(steps) {
    const [first] = steps;
    const [beta1, beta2] = first.settings.betas;
    const kept = Math.sqrt(beta2);
    const [, , distance = first.weights, numerator = first.weights] = first.slots;

    const blocks = steps.map((step) => {
      const [mean = step.weights, sum = step.weights] = step.slots;
      const rate = scaledRate(step, distance);
      const direction = signOf(averaged(mean, step.gradient, beta1));
      const pull = mul(direction, rate);
      return {
        weights: sub(withDecayAt(step, rate), pull),
        mean: averaged(mean, mul(step.gradient, rate), beta2),
        gain: mul(pull, sum),
        sum: averaged(sum, pull, kept),
      };
    });

    const size = total(blocks.map(({ sum }) => abs(sum)));
    const gained = averaged(numerator, total(blocks.map(({ gain }) => gain)), kept);
    const estimate = whereMoving(mul(size, isMoving(first)), div(gained, mul(size, 1 - kept)), distance);
    const shared = [maximum(distance, estimate), whereMoving(size, gained, numerator)];
    return blocks.map(({ weights, mean, sum }) => ({ weights, slots: [mean, sum, ...shared] }));
  },
};
