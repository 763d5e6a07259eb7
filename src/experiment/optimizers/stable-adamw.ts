import { add, div, maximum, mean, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import { averagedSquare, lerp } from './math/averages';
import { constant, zeros, blockwise } from './optimizer';

/**
 * StableAdamW: AdamW whose rate is divided, for each matrix, by the ratio of the gradient to its expected size, if
 * above 1.
 * @see https://arxiv.org/abs/2304.13013 and https://github.com/warner-benjamin/optimi (optimi/stableadamw.py)
 */
export const stableAdamw = blockwise(zeros(2), (step) => {
  const { number, settings, gradient, each } = step;
  const [first = gradient, second = gradient] = step.slots;
  const [beta1, beta2] = settings.betas.map((beta) => debiased(beta, number)) as [number, number];
  const moment = lerp(first, gradient, 1 - beta1);
  const spread = averagedSquare(second, gradient, beta2);
  const floor = each(({ constants }) => (constants.eps ?? 0) ** 2);
  const surprise = sqrt(mean(div(square(gradient), maximum(spread, floor)), [2, 3], true));
  const rate = div(
    each(({ lr }) => lr),
    maximum(surprise, 1),
  );
  const decay = each(({ weightDecay }) => weightDecay);
  const weights = step.decays ? mul(step.weights, sub(1, mul(rate, decay))) : step.weights;
  const denominator = add(sqrt(spread), constant(step, 'eps'));
  return { weights: sub(weights, div(mul(rate, moment), denominator)), slots: [moment, spread] };
});

/** The decay factor that includes the bias correction. */
function debiased(beta: number, number: number): number {
  return (beta ** number - beta) / (beta ** number - 1);
}
