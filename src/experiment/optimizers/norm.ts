import {
  add,
  concat,
  div,
  greater,
  logicalAnd,
  maximum,
  minimum,
  mul,
  onesLike,
  slice,
  sqrt,
  sub,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';
import { lengthAlong, normOf } from './math/matrices';
import {
  averaged,
  averagedSquare,
  blockwise,
  constant,
  decayOf,
  option,
  rateOf,
  type Step,
  withCoupledDecay,
  withDecoupledDecay,
  zeros,
} from './optimizer';

/**
 * Norm of the weights / size of their update; 1 if the weights or the update (or its `slope`) are 0, as for B before
 * its first step. All are [parameters, variants, 1, 1].
 */
function trustRatio(weightNorm: Tensor, size: Tensor, slope: Tensor = size): Tensor {
  const isUsable = logicalAnd(greater(weightNorm, 0), greater(slope, 0));
  return where(isUsable, div(weightNorm, size), onesLike(weightNorm));
}

/**
 * LAMB: Adam's step with decay, scaled to the norm of the weights (at most `trustCap`).
 * @see https://arxiv.org/abs/1904.00962
 */
export const lamb = blockwise(zeros('mean', 'spread'), (step) => {
  const { weights, gradient, number, decays, beta1, beta2 } = step;
  const mean = averaged(step.mean, gradient, beta1);
  const spread = averagedSquare(step.spread, gradient, beta2);
  const adam = div(div(mean, 1 - beta1 ** number), add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps')));
  const update = decays ? add(adam, mul(weights, decayOf(step))) : adam;
  const ratio = trustRatio(minimum(normOf(weights), constant(step, 'trustCap')), normOf(update));
  return { weights: sub(weights, mul(update, mul(ratio, rateOf(step)))), mean, spread };
});

/**
 * LARS: SGD with momentum; every step is `trust` times the norm of the weights, and the rate is inside the momentum.
 * @see https://arxiv.org/abs/1708.03888
 */
export const lars = blockwise(zeros('buffer'), (step) => {
  const { weights, gradient, settings } = step;
  const weightNorm = normOf(weights);
  const gradientNorm = normOf(gradient);
  const size = add(add(gradientNorm, mul(decayOf(step), weightNorm)), constant(step, 'eps'));
  const ratio = trustRatio(mul(weightNorm, option(step, 'trust', 1e-3)), size, gradientNorm);
  const rate = mul(ratio, rateOf(step));
  const buffer = add(mul(step.buffer, settings.momentum), mul(withCoupledDecay(step), rate));
  return { weights: sub(weights, buffer), buffer };
});

/** The factor that limits `update` to `maxUnorm` times the norm of the weights. */
function cutOf(step: Step, update: Tensor): Tensor {
  const longest = mul(constant(step, 'maxUnorm'), normOf(step.weights));
  const length = normOf(update);
  return where(greater(length, longest), div(longest, length), onesLike(length));
}

/**
 * bitsandbytes' LAMB: Adam's step, limited to `maxUnorm` times the norm of the weights. Decay is not limited.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu (kOptimizer32bit2State)
 */
export const bnbLamb = blockwise(zeros('mean', 'spread'), (step) => {
  const { gradient, number, beta1, beta2 } = step;
  const mean = averaged(step.mean, gradient, beta1);
  const spread = averagedSquare(step.spread, gradient, beta2);
  const denominator = add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps'));
  const update = div(div(mean, 1 - beta1 ** number), denominator);
  const rate = mul(cutOf(step, update), rateOf(step));
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), mean, spread };
});

/**
 * bitsandbytes' LARS: a momentum step with decay, limited to `maxUnorm` times the norm of the weights. The limit
 * applies to the norm of the momentum with this step's gradient before decay.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu (kOptimizer32bit1State)
 */
export const bnbLars = blockwise(zeros('buffer'), (step) => {
  const kept = mul(step.buffer, step.settings.momentum);
  const rate = mul(cutOf(step, add(kept, step.gradient)), rateOf(step));
  const buffer = add(kept, withCoupledDecay(step));
  return { weights: sub(step.weights, mul(buffer, rate)), buffer };
});

/**
 * SinkGD: normalises the gradient's rows and columns to the same length, several times. It has no state. `lrScale` is
 * Axolotl's factor on the rate.
 * @see https://arxiv.org/abs/2502.06742
 * @see https://github.com/axolotl-ai-cloud/axolotl/blob/main/src/axolotl/utils/optimizers/sinkgd.py
 */
export const sinkgd = blockwise(
  () => ({}),
  (step) => {
    const rate = option(step, 'lrScale', 0.05);
    const slower: Step = {
      ...step,
      each: (compute) => step.each((hyper, owner) => compute({ ...hyper, lr: hyper.lr * rate }, owner)),
    };
    const update = mul(balanced(step), rateOf(slower));
    return { weights: sub(withDecoupledDecay(slower), update) };
  },
);

/** Normalises rows first, in the trainer's layout; in a transposed parameter these are columns. */
function balanced(step: Step): Tensor {
  const { block, gradient } = step;
  const [, variants = 1, rows = 1, columns = 1] = gradient.shape;
  const least = constant(step, 'eps');
  const matrices = block.parameters.map(({ transposed }, i) => {
    const eps = slice(least, [i, 0, 0, 0], [1, variants, 1, 1]);
    const even = (x: Tensor, axis: number): Tensor => {
      const length = Math.sqrt(axis === 3 ? columns : rows);
      return mul(x, div(length, maximum(lengthAlong(x, axis), eps)));
    };
    let x: Tensor = slice(gradient, [i, 0, 0, 0], [1, variants, rows, columns]);
    for (let n = 0; n < option(step, 'iterations', 5); n++) x = transposed ? even(even(x, 2), 3) : even(even(x, 3), 2);
    return x;
  });
  return concat(matrices, 0);
}
