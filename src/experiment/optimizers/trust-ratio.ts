import {
  add,
  div,
  greater,
  logicalAnd,
  minimum,
  mul,
  onesLike,
  sqrt,
  sub,
  type Tensor,
  where,
} from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { withCoupledDecay } from './math/decay';
import { normOf } from './math/norms';
import { blockwise, constant, decayOf, option, rateOf, zeros } from './optimizer';

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
export const lamb = blockwise(zeros(2), (step) => {
  const { weights, gradient, slots, settings, number, decays } = step;
  const [beta1, beta2] = settings.betas;
  const [oldMean = gradient, oldSpread = gradient] = slots;
  const mean = averaged(oldMean, gradient, beta1);
  const spread = averagedSquare(oldSpread, gradient, beta2);
  const adam = div(div(mean, 1 - beta1 ** number), add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps')));
  const update = decays ? add(adam, mul(weights, decayOf(step))) : adam;
  const ratio = trustRatio(minimum(normOf(weights), constant(step, 'trustCap')), normOf(update));
  const rate = mul(ratio, rateOf(step));
  return { weights: sub(weights, mul(update, rate)), slots: [mean, spread] };
});

/**
 * LARS: SGD with momentum; every step is `trust` times the norm of the weights, and the rate is inside the momentum.
 * @see https://arxiv.org/abs/1708.03888
 */
export const lars = blockwise(zeros(1), (step) => {
  const { weights, gradient, slots, settings } = step;
  const [old = gradient] = slots;
  const weightNorm = normOf(weights);
  const gradientNorm = normOf(gradient);
  const size = add(add(gradientNorm, mul(decayOf(step), weightNorm)), constant(step, 'eps'));
  const ratio = trustRatio(mul(weightNorm, option(step, 'trust', 1e-3)), size, gradientNorm);
  const rate = mul(ratio, rateOf(step));
  const moved = add(mul(old, settings.momentum), mul(withCoupledDecay(step), rate));
  return { weights: sub(weights, moved), slots: [moved] };
});
