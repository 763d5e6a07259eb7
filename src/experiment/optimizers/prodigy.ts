import { abs, add, div, maximum, mul, sqrt, square, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { constant, option } from './constants';
import { withDecayAt } from './decay';
import type { Optimizer, Step } from './optimizer';
import { ofFirst, total, whereMoving } from './shared';

/** What it remembers of a block; every block has a copy of the three numbers a variant has. */
interface Memory {
  start: Tensor;
  mean: Tensor;
  spread: Tensor;
  /** Weighted sum of the gradients. */
  pull: Tensor;
  /** The guessed distance d to the solution, [1, variants, 1, 1]. */
  distance: Tensor;
  numerator: Tensor;
}

/**
 * Prodigy: Adam on gradients times a guess d of the distance to the solution, which all parameters share and which only
 * grows. Decoupled decay, no bias correction, no safeguard, as its defaults are. Option: `dCoef`.
 * @see https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py
 */
export const prodigy: Optimizer = {
  start(start) {
    const distance = ofFirst(constant(start, 'd0'));
    const zero = zerosLike(start.weights);
    return [start.weights, zero, zero.clone(), zero.clone(), distance, zerosLike(distance)];
  },

  update(steps) {
    const [first] = steps;
    if (!first) return [];
    const [beta1, beta2] = first.settings.betas;
    const beta3 = Math.sqrt(beta2);
    const { distance, numerator } = memoryOf(first);
    const growth = div(distance, ofFirst(constant(first, 'd0')));

    const blocks = steps.map((step) => {
      const { gradient, weights } = step;
      const old = memoryOf(step);
      const rate = mul(
        distance,
        step.each(({ lr }) => lr),
      );
      const weight = mul(growth, rate);
      return {
        step,
        start: old.start,
        rate,
        progress: mul(weight, mul(gradient, sub(old.start, weights))),
        mean: add(mul(old.mean, beta1), mul(gradient, mul(distance, 1 - beta1))),
        spread: add(mul(old.spread, beta2), mul(square(gradient), mul(square(distance), 1 - beta2))),
        pull: add(mul(old.pull, beta3), mul(gradient, weight)),
      };
    });

    const size = total(blocks.map(({ pull }) => abs(pull)));
    const progress = add(mul(numerator, beta3), total(blocks.map((block) => block.progress)));
    const guess = whereMoving(
      size,
      () => maximum(distance, mul(div(progress, size), option(first, 'dCoef', 1))),
      distance,
    );
    const summed = whereMoving(size, () => progress, numerator);

    return blocks.map(({ step, start, rate, mean, spread, pull }) => {
      const direction = div(mean, add(sqrt(spread), mul(guess, constant(step, 'eps'))));
      return {
        weights: sub(withDecayAt(step, rate), mul(direction, rate)),
        slots: [start, mean, spread, pull, guess, summed],
      };
    });
  },
};

function memoryOf({ slots, weights }: Step): Memory {
  const [start = weights, mean = weights, spread = weights, pull = weights, distance = weights, numerator = weights] =
    slots;
  return { start, mean, spread, pull, distance, numerator };
}
