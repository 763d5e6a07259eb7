import { add, div, greater, mul, onesLike, sqrt, sub, where, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { blockwise, constant, rateOf, type Step, zeros } from './optimizer';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';
import { normOf } from './math/norms';

/**
 * bitsandbytes' LAMB: Adam's step, limited to `maxUnorm` times the norm of the weights. Decay is not limited.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu (kOptimizer32bit2State)
 */
export const bnbLamb = blockwise(zeros(2), (step) => {
  const { gradient, slots, settings, number } = step;
  const [beta1, beta2] = settings.betas;
  const [oldMean = gradient, oldSpread = gradient] = slots;
  const mean = averaged(oldMean, gradient, beta1);
  const spread = averagedSquare(oldSpread, gradient, beta2);
  const update = div(
    div(mean, 1 - beta1 ** number),
    add(div(sqrt(spread), Math.sqrt(1 - beta2 ** number)), constant(step, 'eps')),
  );
  const rate = mul(cutOf(step, update), rateOf(step));
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), slots: [mean, spread] };
});

/**
 * bitsandbytes' LARS: a momentum step with decay, limited to `maxUnorm` times the norm of the weights. The limit
 * applies to the norm of the momentum with this step's gradient before decay.
 * @see https://github.com/bitsandbytes-foundation/bitsandbytes/blob/main/csrc/kernels.cu (kOptimizer32bit1State)
 */
export const bnbLars = blockwise(zeros(1), (step) => {
  const { weights, gradient, slots, settings } = step;
  const [old = gradient] = slots;
  const kept = mul(old, settings.momentum);
  const rate = mul(cutOf(step, add(kept, gradient)), rateOf(step));
  const moved = add(kept, withCoupledDecay(step));
  return { weights: sub(weights, mul(moved, rate)), slots: [moved] };
});

/** The factor that limits `update` to `maxUnorm` times the norm of the weights. */
function cutOf(step: Step, update: Tensor): Tensor {
  const longest = mul(constant(step, 'maxUnorm'), normOf(step.weights));
  const length = normOf(update);
  return where(greater(length, longest), div(longest, length), onesLike(length));
}
