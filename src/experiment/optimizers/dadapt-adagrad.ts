import { abs, add, div, fill, mul, sqrt, square, sub, zerosLike } from '@tensorflow/tfjs-core';
import { constant, type Optimizer } from './optimizer';
import { withCoupledDecay } from './math/decay';
import { firstDistance, grown, scaledRate, total, whereMoving } from './math/shared-distance';

/** Initial sum of squares; a fixed number in the source. */
const INITIAL_SQUARES = 1e-6;

/**
 * D-Adaptation's Adagrad: the weights are the start minus d · (sum of gradients) / √(sum of squared gradients). All
 * parameters share the estimate d of the distance to the solution. Option: `growthRate`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adagrad.py
 */
export const dadaptAdagrad: Optimizer = {
  start(start) {
    const { weights } = start;
    const distance = firstDistance(start);
    return [weights, zerosLike(weights), fill(weights.shape, INITIAL_SQUARES), distance, zerosLike(distance)];
  },

  update(steps) {
    const [first] = steps;
    const { momentum } = first.settings;
    const [, , , distance = first.weights, squares = first.weights] = first.slots;

    const blocks = steps.map((step) => {
      const [start = step.weights, sum = step.weights, accumulated = step.weights] = step.slots;
      const gradient = withCoupledDecay(step);
      const pull = mul(gradient, scaledRate(step, distance));
      const nextAccumulated = add(accumulated, square(gradient));
      const denominator = add(sqrt(nextAccumulated), constant(step, 'eps'));
      const nextSum = add(sum, pull);
      return {
        step,
        start,
        sum: nextSum,
        accumulated: nextAccumulated,
        denominator,
        pullSquare: div(square(pull), denominator),
        sumSquare: div(square(nextSum), denominator),
      };
    });

    const size = total(blocks.map(({ sum }) => abs(sum)));
    const pulled = add(squares, total(blocks.map(({ pullSquare }) => pullSquare)));
    const summed = total(blocks.map(({ sumSquare }) => sumSquare));
    const estimate = whereMoving(size, div(sub(summed, pulled), size), distance);
    const shared = [grown(first, distance, estimate), pulled];

    return blocks.map(({ step, start, sum, accumulated, denominator }) => ({
      weights: add(mul(step.weights, momentum), mul(sub(start, div(sum, denominator)), 1 - momentum)),
      slots: [start, sum, accumulated, ...shared],
    }));
  },
};
