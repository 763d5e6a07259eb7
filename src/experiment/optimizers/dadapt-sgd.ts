import { add, div, mul, sqrt, square, sub, zerosLike } from '@tensorflow/tfjs-core';
import { withCoupledDecay } from './math/decay';
import type { Optimizer } from './optimizer';
import { firstDistance, grown, scaledRate, total, whereMoving } from './math/shared-distance';

/**
 * D-Adaptation's SGD: the weights are the start minus d · (sum of gradients) / (norm of the first gradient). All
 * parameters share the estimate d of the distance to the solution, and the norm. Option: `growthRate` (0 = no limit).
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_sgd.py
 */
export const dadaptSgd: Optimizer = {
  start(start) {
    const distance = firstDistance(start);
    return [start.weights, zerosLike(start.weights), distance, zerosLike(distance), zerosLike(distance)];
  },

  update(steps) {
    const [first] = steps;
    const { momentum } = first.settings;
    const [, , distance = first.weights, gain = first.weights, remembered = first.weights] = first.slots;
    // The norm of the first gradient excludes decay, as in the source.
    const norm = first.number > 1 ? remembered : sqrt(total(steps.map(({ gradient }) => square(gradient))));

    const blocks = steps.map((step) => {
      const [start = step.weights, sum = step.weights] = step.slots;
      const pull = mul(withCoupledDecay(step), div(scaledRate(step, distance), norm));
      return { step, start, gain: mul(pull, sum), sum: add(sum, pull) };
    });

    const gained = add(gain, total(blocks.map((block) => block.gain)));
    const size = sqrt(total(blocks.map(({ sum }) => square(sum))));
    const estimate = whereMoving(size, div(mul(gained, 2), size), distance);
    const shared = [grown(first, distance, estimate), gained, norm];

    return blocks.map(({ step, start, sum }) => ({
      weights: add(mul(step.weights, momentum), mul(sub(start, sum), 1 - momentum)),
      slots: [start, sum, ...shared],
    }));
  },
};
