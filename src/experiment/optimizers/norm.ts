import * as tf from '@tensorflow/tfjs-core';
import { lengthAlong, normOf } from './math/matrices';
import { blockwise, constant, decayOf, option, rateOf, rootCorrection, zeros } from './optimizer';
import type { ByRow, Step } from './optimizer';
import { averages, moved, rootPlusEps, shrunkAndMoved, summed, withCoupledDecay } from './terms';

/**
 * Norm of the weights / size of their update; 1 if the weights or the update (or its `slope`) are 0, as for B before
 * its first step. All are [parameters, variants, 1, 1].
 */
function trustRatio(weightNorm: tf.Tensor, size: tf.Tensor, slope: tf.Tensor = size): tf.Tensor {
  const isUsable = tf.logicalAnd(tf.greater(weightNorm, 0), tf.greater(slope, 0));
  return tf.where(isUsable, tf.div(weightNorm, size), tf.onesLike(weightNorm));
}

/** bitsandbytes' rate: the step along `update` is at most `maxUnorm` times as long as the weights. */
function cutRate(step: Step, update: tf.Tensor): tf.Tensor {
  const longest = tf.mul(constant(step, 'maxUnorm'), normOf(step.weights));
  const length = normOf(update);
  const cut = tf.where(tf.greater(length, longest), tf.div(longest, length), tf.onesLike(length));
  return tf.mul(cut, rateOf(step));
}

/** Normalises rows first, in the trainer's layout; in a transposed parameter these are columns. */
function balanced(step: Step): tf.Tensor {
  const { block, gradient } = step;
  const [, variants = 1, rows = 1, columns = 1] = gradient.shape;
  const least = constant(step, 'eps');
  const matrices = block.parameters.map(({ transposed }, i) => {
    const eps = tf.slice(least, [i, 0, 0, 0], [1, variants, 1, 1]);
    const even = (x: tf.Tensor, axis: number): tf.Tensor => {
      const length = Math.sqrt(axis === 3 ? columns : rows);
      return tf.mul(x, tf.div(length, tf.maximum(lengthAlong(x, axis), eps)));
    };
    let x: tf.Tensor = tf.slice(gradient, [i, 0, 0, 0], [1, variants, rows, columns]);
    for (let n = 0; n < option(step, 'iterations', 5); n++) x = transposed ? even(even(x, 2), 3) : even(even(x, 3), 2);
    return x;
  });
  return tf.concat(matrices, 0);
}

export const NORM = {
  /**
   * Adam's step with decay, scaled to the norm of the weights (at most `trustCap`).
   * @see https://arxiv.org/abs/1904.00962
   */
  lamb: blockwise(averages, (step) => {
    const { weights, number, decays, beta1, beta2 } = step;
    const { mean, spread } = summed(step);
    const denominator = tf.add(tf.sqrt(tf.div(spread, 1 - beta2 ** number)), constant(step, 'eps'));
    const adam = tf.div(tf.div(mean, 1 - beta1 ** number), denominator);
    const update = decays ? tf.add(adam, tf.mul(weights, decayOf(step))) : adam;
    const ratio = trustRatio(tf.minimum(normOf(weights), constant(step, 'trustCap')), normOf(update));
    return { weights: moved(weights, update, tf.mul(ratio, rateOf(step))), mean, spread };
  }),

  /**
   * Every step is `trust` times the norm of the weights, and the rate is inside the momentum.
   * @see https://arxiv.org/abs/1708.03888
   */
  lars: blockwise(zeros('buffer'), (step) => {
    const { weights, gradient, settings } = step;
    const [weightNorm, gradientNorm] = [normOf(weights), normOf(gradient)];
    const size = tf.add(tf.add(gradientNorm, tf.mul(decayOf(step), weightNorm)), constant(step, 'eps'));
    const ratio = trustRatio(tf.mul(weightNorm, option(step, 'trust', 1e-3)), size, gradientNorm);
    const rate = tf.mul(ratio, rateOf(step));
    const buffer = tf.add(tf.mul(step.buffer, settings.momentum), tf.mul(withCoupledDecay(step), rate));
    return { weights: tf.sub(weights, buffer), buffer };
  }),

  /**
   * Adam's step, limited to `maxUnorm` times the norm of the weights. Decay is not limited.
   * @see https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu (kOptimizer32bit2State)
   */
  'bnb-lamb': blockwise(averages, (step) => {
    const { mean, spread } = summed(step);
    const update = tf.div(tf.div(mean, 1 - step.beta1 ** step.number), rootPlusEps(step, spread, rootCorrection(step)));
    return { weights: shrunkAndMoved(step, update, cutRate(step, update)), mean, spread };
  }),

  /**
   * The limit applies to the norm of the momentum with this step's gradient before decay.
   * @see https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu (kOptimizer32bit1State)
   */
  'bnb-lars': blockwise(zeros('buffer'), (step) => {
    const kept = tf.mul(step.buffer, step.settings.momentum);
    const buffer = tf.add(kept, withCoupledDecay(step));
    return { weights: moved(step.weights, buffer, cutRate(step, tf.add(kept, step.gradient))), buffer };
  }),

  /**
   * Rows and columns are normalised to the same length, several times. `lrScale` is Axolotl's factor on the rate.
   * @see https://arxiv.org/abs/2502.06742
   * @see https://github.com/axolotl-ai-cloud/axolotl/blob/main/src/axolotl/utils/optimizers/sinkgd.py
   */
  sinkgd: blockwise(
    () => ({}),
    (step) => {
      const rate = option(step, 'lrScale', 0.05);
      const each: Step['each'] = (compute) =>
        step.each((hyper, owner) => compute({ ...hyper, lr: hyper.lr * rate }, owner));
      return { weights: shrunkAndMoved({ ...step, each }, balanced(step)) };
    },
  ),
} satisfies ByRow;
