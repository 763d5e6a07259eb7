import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { decayOf, type Step } from '../optimizer';

/** Coupled decay: the gradient of loss + decay/2·‖w‖², before the optimizer sees it. */
export function withCoupledDecay(step: Step): Tensor {
  const { weights, gradient, decays } = step;
  if (!decays) return gradient;
  return add(gradient, mul(weights, decayOf(step)));
}

/** Decoupled decay: the weights shrink by lr·decay, whatever the gradient. */
export function withDecoupledDecay(step: Step): Tensor {
  return thenDecoupledDecay(step, step.weights);
}

/** Decoupled decay with a rate that the optimizer found itself, [parameters, variants, 1, 1]. */
export function withDecayAt(step: Step, rate: Tensor): Tensor {
  const { weights, decays } = step;
  if (!decays) return weights;
  return sub(weights, mul(weights, mul(decayOf(step), rate)));
}

/** Decoupled decay after the step. `moved`: the weights after the step. */
export function thenDecoupledDecay({ each, decays }: Step, moved: Tensor): Tensor {
  if (!decays) return moved;
  return mul(
    moved,
    each(({ lr, weightDecay }) => 1 - lr * weightDecay),
  );
}
