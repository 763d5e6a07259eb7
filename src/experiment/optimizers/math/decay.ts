import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Step } from '../optimizer';

/** Coupled decay: the gradient of loss + decay/2·‖w‖², before the optimizer sees it. */
export function withCoupledDecay({ weights, gradient, each, decays }: Step): Tensor {
  if (!decays) return gradient;
  const decay = each((hyper) => hyper.weightDecay);
  return add(gradient, mul(weights, decay));
}

/** Decoupled decay: the weights shrink by lr·decay, whatever the gradient. */
export function withDecoupledDecay({ weights, each, decays }: Step): Tensor {
  if (!decays) return weights;
  return mul(
    weights,
    each(({ lr, weightDecay }) => 1 - lr * weightDecay),
  );
}

/** Decoupled decay with a rate that the optimizer found itself, [parameters, variants, 1, 1]. */
export function withDecayAt({ weights, each, decays }: Step, rate: Tensor): Tensor {
  if (!decays) return weights;
  const decay = each(({ weightDecay }) => weightDecay);
  return sub(weights, mul(weights, mul(decay, rate)));
}

/** Decoupled decay after the step. `moved`: the weights after the step. */
export function thenDecoupledDecay({ each, decays }: Step, moved: Tensor): Tensor {
  if (!decays) return moved;
  return mul(
    moved,
    each(({ lr, weightDecay }) => 1 - lr * weightDecay),
  );
}
