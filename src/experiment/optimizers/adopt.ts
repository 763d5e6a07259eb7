import { clipByValue, div, maximum, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import { averagedSquare, lerp } from './math/averages';
import { constant, zeros, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';

/**
 * ADOPT with Axolotl's decoupled decay: the gradient / the root mean square of earlier gradients, clipped at the fourth
 * root of the number of earlier steps. The first step only initialises the mean square.
 * @see https://arxiv.org/abs/2411.02853 and https://github.com/iShohei220/adopt
 */
export const adopt = blockwise(zeros(2), (step) => {
  const { number, settings, gradient, weights, each } = step;
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient] = step.slots;
  if (number === 1) return { weights, slots: [first, square(gradient)] };
  const bound = (number - 1) ** 0.25;
  const normed = clipByValue(div(gradient, maximum(sqrt(second), constant(step, 'eps'))), -bound, bound);
  const mean = lerp(first, normed, 1 - beta1);
  const rate = each(({ lr }) => lr);
  return {
    weights: sub(withDecoupledDecay(step), mul(mean, rate)),
    slots: [mean, averagedSquare(second, gradient, beta2)],
  };
});
