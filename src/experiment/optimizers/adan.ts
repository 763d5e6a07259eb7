import { add, div, mul, sqrt, sub, zerosLike } from '@tensorflow/tfjs-core';
import { averagedSquare, lerp } from './math/averages';
import { constant, option, zeros, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';

/**
 * Adan: Adam on the gradient and on its change from step to step. Decay divides the weights by 1 + lr·decay after the
 * step; with the option `noProx` = 1 it shrinks them before the step.
 * @see https://arxiv.org/abs/2208.06677 and pytorch_optimizer/optimizer/adan.py
 */
export const adan = blockwise(zeros(4), (step) => {
  const { number, settings, gradient, each } = step;
  const [beta1, beta2] = settings.betas;
  const beta3 = option(step, 'beta3', 0.99);
  const noProx = option(step, 'noProx', 0) !== 0;
  const [first = gradient, changes = gradient, second = gradient, before = gradient] = step.slots;
  const change = number === 1 ? zerosLike(gradient) : sub(gradient, before);
  const mean = lerp(first, gradient, 1 - beta1);
  const meanChange = lerp(changes, change, 1 - beta2);
  const ahead = add(mul(change, beta2), gradient);
  const spread = averagedSquare(second, ahead, beta3);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta3 ** number)), constant(step, 'eps'));
  const rate = each(({ lr }) => lr / (1 - beta1 ** number));
  const rateOfChange = each(({ lr }) => (lr * beta2) / (1 - beta2 ** number));
  const start = noProx ? withDecoupledDecay(step) : step.weights;
  const alongMean = sub(start, div(mul(rate, mean), denominator));
  const moved = sub(alongMean, div(mul(rateOfChange, meanChange), denominator));
  const shrinking = each(({ lr, weightDecay }) => 1 + lr * weightDecay);
  return {
    weights: step.decays && !noProx ? div(moved, shrinking) : moved,
    slots: [mean, meanChange, spread, gradient],
  };
});
