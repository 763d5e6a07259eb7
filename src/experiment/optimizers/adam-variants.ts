import * as tf from '@tensorflow/tfjs-core';
import { biasCorrection, blockwise, constant, decayOf, option, rateOf, rootCorrection, sharing } from './optimizer';
import { type ByRow, type Step, zeros } from './optimizer';
import { averaged, averagedSquare, averages, lerp, rootPlusEps, shrunkAndMoved, withDecoupledDecay } from './terms';

/** The decay factor of AdEMAMix's slow mean at this step. */
function slowness(step: Step): number {
  const [beta3, tBeta3] = [option(step, 'beta3', 0.9999), option(step, 'tBeta3', 0)];
  if (!(tBeta3 > 0)) return beta3;
  const [fast, slow] = [Math.log(step.beta1), Math.log(beta3)];
  const share = step.number / tBeta3;
  return Math.min(Math.exp((fast * slow) / ((1 - share) * slow + share * fast)), beta3);
}

/** Mean square of the gradient over each row in the trainer's layout, repeated in every element of the row. */
function rowMeans({ gradient, block }: Step): tf.Tensor {
  const squares = tf.square(gradient);
  const everywhere = (axis: number): tf.Tensor => tf.add(tf.zerosLike(squares), tf.mean(squares, axis, true));
  const transposed = block.parameters.map((parameter) => parameter.transposed);
  const turned = tf.tensor(transposed, [transposed.length, 1, 1, 1], 'bool');
  return tf.where(turned, everywhere(2), everywhere(3));
}

/** Added to the norm, as in torch. */
const CLIP_EPS = 1e-6;

export const ADAM_VARIANTS = {
  /**
   * AdEMAMix: Adam with a second, slower mean of gradients on top. The weights shrink before the step, as in
   * bitsandbytes on a CPU, not after it, as in its CUDA kernel. The weight and the decay factor of the slow mean may
   * grow over `tAlpha` and `tBeta3` steps (0 = none).
   * @see https://arxiv.org/abs/2409.03137 and bitsandbytes/backends/cpu/ops.py
   */
  ademamix: blockwise(zeros('fast', 'slow', 'spread'), (step) => {
    const { number, gradient, beta1, beta2 } = step;
    const [alpha, tAlpha] = [option(step, 'alpha', 5), option(step, 'tAlpha', 0)];
    const weight = tAlpha > 0 ? Math.min((number * alpha) / tAlpha, alpha) : alpha;
    const fast = averaged(step.fast, gradient, beta1);
    const slow = averaged(step.slow, gradient, slowness(step));
    const spread = averagedSquare(step.spread, gradient, beta2);
    const direction = tf.add(tf.div(fast, 1 - beta1 ** number), tf.mul(slow, weight));
    const update = tf.div(direction, rootPlusEps(step, spread, rootCorrection(step)));
    return { weights: shrunkAndMoved(step, update), fast, slow, spread };
  }),

  /**
   * ADOPT with Axolotl's decoupled decay: the gradient / the root mean square of earlier ones, clipped at the fourth
   * root of their number. The first step only starts the mean square.
   * @see https://arxiv.org/abs/2411.02853 and https://github.com/iShohei220/adopt
   */
  adopt: blockwise(averages, (step) => {
    const { number, gradient, weights, beta1, beta2 } = step;
    if (number === 1) return { weights, mean: step.mean, spread: tf.square(gradient) };
    const bound = (number - 1) ** 0.25;
    const normed = tf.div(gradient, tf.maximum(tf.sqrt(step.spread), constant(step, 'eps')));
    const mean = lerp(step.mean, tf.clipByValue(normed, -bound, bound), 1 - beta1);
    return { weights: shrunkAndMoved(step, mean), mean, spread: averagedSquare(step.spread, gradient, beta2) };
  }),

  /**
   * StableAdamW: AdamW whose rate is divided, for each matrix, by how far the gradient exceeds its expected size.
   * @see https://arxiv.org/abs/2304.13013 and https://github.com/warner-benjamin/optimi (optimi/stableadamw.py)
   */
  'stable-adamw': blockwise(averages, (step) => {
    const { number, gradient, each } = step;
    const debiased = (beta: number): number => (beta ** number - beta) / (beta ** number - 1);
    const mean = lerp(step.mean, gradient, 1 - debiased(step.beta1));
    const spread = averagedSquare(step.spread, gradient, debiased(step.beta2));
    const floor = each(({ constants }) => (constants.eps ?? 0) ** 2);
    const surprise = tf.sqrt(tf.mean(tf.div(tf.square(gradient), tf.maximum(spread, floor)), [2, 3], true));
    const rate = tf.div(rateOf(step), tf.maximum(surprise, 1));
    const weights = step.decays ? tf.mul(step.weights, tf.sub(1, tf.mul(rate, decayOf(step)))) : step.weights;
    return { weights: tf.sub(weights, tf.div(tf.mul(rate, mean), rootPlusEps(step, spread))), mean, spread };
  }),

  /**
   * Adan: Adam on the gradient and on its change. Decay divides the weights by 1 + lr·decay after the step; with the
   * option `noProx` = 1 it shrinks them before.
   * @see https://arxiv.org/abs/2208.06677 and pytorch_optimizer/optimizer/adan.py
   */
  adan: blockwise(zeros('mean', 'meanChange', 'spread', 'before'), (step) => {
    const { number, gradient, beta1, beta2, each } = step;
    const beta3 = option(step, 'beta3', 0.99);
    const noProx = option(step, 'noProx', 0) !== 0;
    const change = number === 1 ? tf.zerosLike(gradient) : tf.sub(gradient, step.before);
    const mean = lerp(step.mean, gradient, 1 - beta1);
    const meanChange = lerp(step.meanChange, change, 1 - beta2);
    const spread = averagedSquare(step.spread, tf.add(tf.mul(change, beta2), gradient), beta3);
    const denominator = rootPlusEps(step, spread, Math.sqrt(1 - beta3 ** number));
    const rate = each(({ lr }) => lr / (1 - beta1 ** number));
    const rateOfChange = each(({ lr }) => (lr * beta2) / (1 - beta2 ** number));
    const start = noProx ? withDecoupledDecay(step) : step.weights;
    const alongMean = tf.sub(start, tf.div(tf.mul(rate, mean), denominator));
    const moved = tf.sub(alongMean, tf.div(tf.mul(rateOfChange, meanChange), denominator));
    const shrinking = each(({ lr, weightDecay }) => 1 + lr * weightDecay);
    const weights = step.decays && !noProx ? tf.div(moved, shrinking) : moved;
    return { weights, mean, meanChange, spread, before: gradient };
  }),

  /**
   * Adam-mini where it divides row by row: AdamW with one mean square for each row.
   * @see https://arxiv.org/abs/2406.16793 and https://github.com/zyushun/Adam-mini (adam_mini/adam_mini.py)
   */
  'adam-mini': blockwise(averages, (step) => {
    const { number, gradient, beta1, beta2 } = step;
    const spread = averaged(step.spread, rowMeans(step), beta2);
    const mean = lerp(step.mean, gradient, 1 - beta1);
    const denominator = rootPlusEps(step, spread, rootCorrection(step));
    const update = tf.mul(mean, tf.div(1 / (1 - beta1 ** number), denominator));
    return { weights: shrunkAndMoved(step, update), mean, spread };
  }),

  /**
   * GrokAdamW without a signal from an evaluation, as Hugging Face trains it: every matrix clipped to `tensorClip` (0 =
   * no clipping), a slow mean added, then AdamW, whose first memory is shorter from one matrix to the next.
   * @see https://github.com/cognitivecomputations/grokadamw (grokadamw/grokadamw.py)
   */
  grokadamw: sharing(zeros('mean', 'spread', 'slow'), (steps) => {
    const order = steps.flatMap(({ block }) => block.parameters.map(({ name }) => name));
    return steps.map((step) => {
      const { beta1, beta2, each } = step;
      const slowness = option(step, 'alphaInit', 0.98);
      const shortening = 1 - option(step, 'gamma', 0.1);
      const norm = tf.add(tf.sqrt(tf.sum(tf.square(step.gradient), [2, 3], true)), CLIP_EPS);
      const threshold = each(({ constants }) => constants.tensorClip || Number.POSITIVE_INFINITY);
      const gradient = tf.mul(step.gradient, tf.minimum(tf.div(threshold, norm), 1));
      const slow = tf.add(tf.mul(step.slow, slowness), tf.mul(gradient, 1 - slowness));
      const grown = tf.add(gradient, tf.mul(slow, option(step, 'lamb', 2)));
      const memory = (name: string): number => beta1 * shortening ** order.indexOf(name);
      const kept = each((_, { parameter }) => memory(parameter.name));
      const taken = each((_, { parameter }) => 1 - memory(parameter.name));
      const mean = tf.add(tf.mul(step.mean, kept), tf.mul(grown, taken));
      const spread = averagedSquare(step.spread, grown, beta2);
      const update = tf.div(tf.mul(rateOf(step, biasCorrection(step)), mean), rootPlusEps(step, spread));
      return { weights: tf.sub(withDecoupledDecay(step), update), mean, spread, slow };
    });
  }),
} satisfies ByRow;
