import {
  add,
  clipByValue,
  div,
  maximum,
  mean,
  mul,
  sqrt,
  square,
  sub,
  tensor,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { averaged, averagedSquare, lerp } from './math/averages';
import { withDecoupledDecay } from './math/decay';
import { blockwise, constant, decayOf, option, rateOf, type Step, zeros } from './optimizer';

/**
 * AdEMAMix: Adam with a second, slower mean of gradients on top. The weights shrink before the step, as in the paper and
 * in bitsandbytes on a CPU; its CUDA kernel shrinks them after it.
 * @see https://arxiv.org/abs/2409.03137 and bitsandbytes/backends/cpu/ops.py
 */
export const ademamix = blockwise(zeros(3), (step) => {
  const { number, settings, gradient } = step;
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
  const moment = averaged(fast, gradient, beta1);
  const slower = averaged(slow, gradient, beta3);
  const spread = averagedSquare(second, gradient, beta2);
  const direction = add(div(moment, 1 - beta1 ** number), mul(slower, alpha));
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  return {
    weights: sub(withDecoupledDecay(step), mul(rateOf(step), div(direction, denominator))),
    slots: [moment, slower, spread],
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

/**
 * ADOPT with Axolotl's decoupled decay: the gradient / the root mean square of earlier gradients, clipped at the fourth
 * root of the number of earlier steps. The first step only initialises the mean square.
 * @see https://arxiv.org/abs/2411.02853 and https://github.com/iShohei220/adopt
 */
export const adopt = blockwise(zeros(2), (step) => {
  const { number, settings, gradient, weights } = step;
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient] = step.slots;
  if (number === 1) return { weights, slots: [first, square(gradient)] };
  const bound = (number - 1) ** 0.25;
  const normed = clipByValue(div(gradient, maximum(sqrt(second), constant(step, 'eps'))), -bound, bound);
  const moment = lerp(first, normed, 1 - beta1);
  return {
    weights: sub(withDecoupledDecay(step), mul(moment, rateOf(step))),
    slots: [moment, averagedSquare(second, gradient, beta2)],
  };
});

/**
 * StableAdamW: AdamW whose learning rate is divided, for each matrix, by the ratio of the gradient to its expected
 * size, if above 1.
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
  const rate = div(rateOf(step), maximum(surprise, 1));
  const weights = step.decays ? mul(step.weights, sub(1, mul(rate, decayOf(step)))) : step.weights;
  const denominator = add(sqrt(spread), constant(step, 'eps'));
  return { weights: sub(weights, div(mul(rate, moment), denominator)), slots: [moment, spread] };
});

/** The decay factor that includes the bias correction. */
function debiased(beta: number, number: number): number {
  return (beta ** number - beta) / (beta ** number - 1);
}

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
  const moment = lerp(first, gradient, 1 - beta1);
  const meanChange = lerp(changes, change, 1 - beta2);
  const ahead = add(mul(change, beta2), gradient);
  const spread = averagedSquare(second, ahead, beta3);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta3 ** number)), constant(step, 'eps'));
  const rate = each(({ lr }) => lr / (1 - beta1 ** number));
  const rateOfChange = each(({ lr }) => (lr * beta2) / (1 - beta2 ** number));
  const start = noProx ? withDecoupledDecay(step) : step.weights;
  const alongMoment = sub(start, div(mul(rate, moment), denominator));
  const moved = sub(alongMoment, div(mul(rateOfChange, meanChange), denominator));
  const shrinking = each(({ lr, weightDecay }) => 1 + lr * weightDecay);
  return {
    weights: step.decays && !noProx ? div(moved, shrinking) : moved,
    slots: [moment, meanChange, spread, gradient],
  };
});

/**
 * Adam-mini on the matrices that it divides row by row: AdamW with one mean square for each row.
 * @see https://arxiv.org/abs/2406.16793 and https://github.com/zyushun/Adam-mini (adam_mini/adam_mini.py)
 */
export const adamMini = blockwise(zeros(2), (step) => {
  const { number, settings, gradient } = step;
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient] = step.slots;
  const spread = averaged(second, rowMeans(step), beta2);
  const moment = lerp(first, gradient, 1 - beta1);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  const update = mul(moment, div(1 / (1 - beta1 ** number), denominator));
  return { weights: sub(withDecoupledDecay(step), mul(update, rateOf(step))), slots: [moment, spread] };
});

/**
 * Mean square of the gradient over each row of the matrix in the trainer's layout, repeated in every element of the
 * row.
 */
function rowMeans({ gradient, block }: Step): Tensor {
  const squares = square(gradient);
  const everywhere = (axis: number): Tensor => add(zerosLike(squares), mean(squares, axis, true));
  const transposed = block.parameters.map((parameter) => parameter.transposed);
  const turned = tensor(transposed, [transposed.length, 1, 1, 1], 'bool');
  return where(turned, everywhere(2), everywhere(3));
}
