import {
  add,
  clipByValue,
  div,
  maximum,
  mean as meanOf,
  minimum,
  mul,
  sqrt,
  square,
  sub,
  sum,
  tensor,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import {
  averaged,
  averagedSquare,
  biasCorrection,
  blockwise,
  constant,
  decayOf,
  lerp,
  option,
  rateOf,
  sharing,
  type Step,
  withDecoupledDecay,
  zeros,
} from './optimizer';

/**
 * AdEMAMix: Adam with a second, slower mean of gradients on top. The weights shrink before the step, as in the paper and
 * in bitsandbytes on a CPU; its CUDA kernel shrinks them after it. The weight and the decay factor of the slow mean may
 * grow over `tAlpha` and `tBeta3` steps (0 = none).
 * @see https://arxiv.org/abs/2409.03137 and bitsandbytes/backends/cpu/ops.py
 */
export const ademamix = blockwise(zeros('fast', 'slow', 'spread'), (step) => {
  const { number, gradient, beta1, beta2 } = step;
  const [alpha, tAlpha] = [option(step, 'alpha', 5), option(step, 'tAlpha', 0)];
  const weight = tAlpha > 0 ? Math.min((number * alpha) / tAlpha, alpha) : alpha;
  const fast = averaged(step.fast, gradient, beta1);
  const slow = averaged(step.slow, gradient, slowness(step));
  const spread = averagedSquare(step.spread, gradient, beta2);
  const direction = add(div(fast, 1 - beta1 ** number), mul(slow, weight));
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  const weights = sub(withDecoupledDecay(step), mul(rateOf(step), div(direction, denominator)));
  return { weights, fast, slow, spread };
});

/** The decay factor of AdEMAMix's slow mean at this step. */
function slowness(step: Step): number {
  const [beta3, tBeta3] = [option(step, 'beta3', 0.9999), option(step, 'tBeta3', 0)];
  if (!(tBeta3 > 0)) return beta3;
  const [fast, slow] = [Math.log(step.beta1), Math.log(beta3)];
  const share = step.number / tBeta3;
  return Math.min(Math.exp((fast * slow) / ((1 - share) * slow + share * fast)), beta3);
}

/**
 * ADOPT with Axolotl's decoupled decay: the gradient / the root mean square of earlier gradients, clipped at the fourth
 * root of the number of earlier steps. The first step only initialises the mean square.
 * @see https://arxiv.org/abs/2411.02853 and https://github.com/iShohei220/adopt
 */
export const adopt = blockwise(zeros('mean', 'spread'), (step) => {
  const { number, gradient, weights, beta1, beta2 } = step;
  if (number === 1) return { weights, mean: step.mean, spread: square(gradient) };
  const bound = (number - 1) ** 0.25;
  const normed = clipByValue(div(gradient, maximum(sqrt(step.spread), constant(step, 'eps'))), -bound, bound);
  const mean = lerp(step.mean, normed, 1 - beta1);
  const spread = averagedSquare(step.spread, gradient, beta2);
  return { weights: sub(withDecoupledDecay(step), mul(mean, rateOf(step))), mean, spread };
});

/**
 * StableAdamW: AdamW whose learning rate is divided, for each matrix, by the ratio of the gradient to its expected
 * size, if above 1. The decay factors of both averages include the bias correction.
 * @see https://arxiv.org/abs/2304.13013 and https://github.com/warner-benjamin/optimi (optimi/stableadamw.py)
 */
export const stableAdamw = blockwise(zeros('mean', 'spread'), (step) => {
  const { number, gradient, each } = step;
  const debiased = (beta: number): number => (beta ** number - beta) / (beta ** number - 1);
  const mean = lerp(step.mean, gradient, 1 - debiased(step.beta1));
  const spread = averagedSquare(step.spread, gradient, debiased(step.beta2));
  const floor = each(({ constants }) => (constants.eps ?? 0) ** 2);
  const surprise = sqrt(meanOf(div(square(gradient), maximum(spread, floor)), [2, 3], true));
  const rate = div(rateOf(step), maximum(surprise, 1));
  const weights = step.decays ? mul(step.weights, sub(1, mul(rate, decayOf(step)))) : step.weights;
  const denominator = add(sqrt(spread), constant(step, 'eps'));
  return { weights: sub(weights, div(mul(rate, mean), denominator)), mean, spread };
});

/**
 * Adan: Adam on the gradient and on its change from step to step. Decay divides the weights by 1 + lr·decay after the
 * step; with the option `noProx` = 1 it shrinks them before the step.
 * @see https://arxiv.org/abs/2208.06677 and pytorch_optimizer/optimizer/adan.py
 */
export const adan = blockwise(zeros('mean', 'meanChange', 'spread', 'before'), (step) => {
  const { number, gradient, beta1, beta2, each } = step;
  const beta3 = option(step, 'beta3', 0.99);
  const noProx = option(step, 'noProx', 0) !== 0;
  const change = number === 1 ? zerosLike(gradient) : sub(gradient, step.before);
  const mean = lerp(step.mean, gradient, 1 - beta1);
  const meanChange = lerp(step.meanChange, change, 1 - beta2);
  const spread = averagedSquare(step.spread, add(mul(change, beta2), gradient), beta3);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta3 ** number)), constant(step, 'eps'));
  const rate = each(({ lr }) => lr / (1 - beta1 ** number));
  const rateOfChange = each(({ lr }) => (lr * beta2) / (1 - beta2 ** number));
  const start = noProx ? withDecoupledDecay(step) : step.weights;
  const alongMean = sub(start, div(mul(rate, mean), denominator));
  const moved = sub(alongMean, div(mul(rateOfChange, meanChange), denominator));
  const shrinking = each(({ lr, weightDecay }) => 1 + lr * weightDecay);
  const weights = step.decays && !noProx ? div(moved, shrinking) : moved;
  return { weights, mean, meanChange, spread, before: gradient };
});

/**
 * Adam-mini on the matrices that it divides row by row: AdamW with one mean square for each row.
 * @see https://arxiv.org/abs/2406.16793 and https://github.com/zyushun/Adam-mini (adam_mini/adam_mini.py)
 */
export const adamMini = blockwise(zeros('mean', 'spread'), (step) => {
  const { number, gradient, beta1, beta2 } = step;
  const spread = averaged(step.spread, rowMeans(step), beta2);
  const mean = lerp(step.mean, gradient, 1 - beta1);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  const update = mul(mean, div(1 / (1 - beta1 ** number), denominator));
  return { weights: sub(withDecoupledDecay(step), mul(update, rateOf(step))), mean, spread };
});

/** Mean square of the gradient over each row in the trainer's layout, repeated in every element of the row. */
function rowMeans({ gradient, block }: Step): Tensor {
  const squares = square(gradient);
  const everywhere = (axis: number): Tensor => add(zerosLike(squares), meanOf(squares, axis, true));
  const transposed = block.parameters.map((parameter) => parameter.transposed);
  const turned = tensor(transposed, [transposed.length, 1, 1, 1], 'bool');
  return where(turned, everywhere(2), everywhere(3));
}

/** torch adds this to the norm that it clips by. */
const CLIP_EPS = 1e-6;

/**
 * GrokAdamW without a signal from an evaluation, as Hugging Face trains it: every matrix clipped to a norm of
 * `tensorClip` (0 = no clipping), a slow mean of gradients added to each, then AdamW, whose first memory is shorter from
 * one matrix to the next.
 * @see https://github.com/cognitivecomputations/grokadamw (grokadamw/grokadamw.py)
 */
export const grokadamw = sharing(zeros('mean', 'spread', 'slow'), (steps) => {
  const order = steps.flatMap(({ block }) => block.parameters.map(({ name }) => name));
  return steps.map((step) => {
    const { beta1, beta2, each } = step;
    const slowness = option(step, 'alphaInit', 0.98);
    const shortening = 1 - option(step, 'gamma', 0.1);
    const norm = add(sqrt(sum(square(step.gradient), [2, 3], true)), CLIP_EPS);
    const threshold = each(({ constants }) => constants.tensorClip || Number.POSITIVE_INFINITY);
    const gradient = mul(step.gradient, minimum(div(threshold, norm), 1));
    const slow = add(mul(step.slow, slowness), mul(gradient, 1 - slowness));
    const grown = add(gradient, mul(slow, option(step, 'lamb', 2)));
    const memory = (name: string): number => beta1 * shortening ** order.indexOf(name);
    const kept = each((_, { parameter }) => memory(parameter.name));
    const taken = each((_, { parameter }) => 1 - memory(parameter.name));
    const mean = add(mul(step.mean, kept), mul(grown, taken));
    const spread = averagedSquare(step.spread, grown, beta2);
    const denominator = add(sqrt(spread), constant(step, 'eps'));
    const update = div(mul(rateOf(step, biasCorrection(step)), mean), denominator);
    return { weights: sub(withDecoupledDecay(step), update), mean, spread, slow };
  });
});
