import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { Step } from '../optimizer';

/** The gradient of loss + decay/2·‖w‖²: decay joins in before the optimizer looks at the gradient. */
export function withCoupledDecay({ weights, gradient, each, decays }: Step): Tensor {
  if (!decays) return gradient;
  const decay = each((hyper) => hyper.weightDecay);
  return add(gradient, mul(weights, decay));
}

/** The weights shrunk by lr·decay, whatever the gradient. */
export function withDecoupledDecay({ weights, each, decays }: Step): Tensor {
  if (!decays) return weights;
  return mul(
    weights,
    each(({ lr, weightDecay }) => 1 - lr * weightDecay),
  );
}

/** The weights shrunk by rate·decay, where the rate is one that the optimizer found itself, [parameters, variants, 1, 1]. */
export function withDecayAt({ weights, each, decays }: Step, rate: Tensor): Tensor {
  if (!decays) return weights;
  const decay = each(({ weightDecay }) => weightDecay);
  return sub(weights, mul(weights, mul(decay, rate)));
}

/** The decay of {@link withDecoupledDecay} after the step: `moved` are the weights it has led to. */
export function thenDecoupledDecay({ each, decays }: Step, moved: Tensor): Tensor {
  if (!decays) return moved;
  return mul(
    moved,
    each(({ lr, weightDecay }) => 1 - lr * weightDecay),
  );
}
