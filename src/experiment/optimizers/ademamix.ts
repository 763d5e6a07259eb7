import { add, div, mul, sqrt, sub } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { constant, option, zeros, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';

/**
 * AdEMAMix: Adam with a second, slower mean of gradients on top. The weights shrink before the step, as in the paper and
 * in bitsandbytes on a CPU; its CUDA kernel shrinks them after it.
 * @see https://arxiv.org/abs/2409.03137 and bitsandbytes/backends/cpu/ops.py
 */
export const ademamix = blockwise(zeros(3), (step) => {
  const { number, settings, gradient, each } = step;
  const [beta1, beta2] = settings.betas;
  const { alpha, beta3 } = slowMean(
    number,
    beta1,
    option(step, 'beta3', 0.9999),
    option(step, 'alpha', 5),
    option(step, 'tBeta3', 0),
    option(step, 'tAlpha', 0),
  );
  const [fast = gradient, slow = gradient, second = gradient] = step.slots;
  const mean = averaged(fast, gradient, beta1);
  const slower = averaged(slow, gradient, beta3);
  const spread = averagedSquare(second, gradient, beta2);
  const direction = add(div(mean, 1 - beta1 ** number), mul(slower, alpha));
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  const rate = each(({ lr }) => lr);
  return {
    weights: sub(withDecoupledDecay(step), mul(rate, div(direction, denominator))),
    slots: [mean, slower, spread],
  };
});

/** Weight and decay factor of the slow mean, which may grow over `tAlpha` and `tBeta3` steps (0 = none). */
function slowMean(
  number: number,
  beta1: number,
  beta3: number,
  alpha: number,
  tBeta3: number,
  tAlpha: number,
): { alpha: number; beta3: number } {
  const weight = tAlpha > 0 ? Math.min((number * alpha) / tAlpha, alpha) : alpha;
  if (!(tBeta3 > 0)) return { alpha: weight, beta3 };
  const [fast, slow] = [Math.log(beta1), Math.log(beta3)];
  const share = number / tBeta3;
  return { alpha: weight, beta3: Math.min(Math.exp((fast * slow) / ((1 - share) * slow + share * fast)), beta3) };
}
