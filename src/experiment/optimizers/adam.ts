import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { withCoupledDecay } from './decay';
import { zeros } from './memory';
import { blockwise, type Step, type Updated } from './optimizer';

/**
 * Adam, with decay added to the gradient.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export const adam = blockwise(zeros(2), (step) => adamStep(step, step.weights, withCoupledDecay(step)));

/** Adam's step from `weights` along `gradient`; what AdamW does after its decay. */
export function adamStep({ slots, settings, number, each }: Step, weights: Tensor, gradient: Tensor): Updated {
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient] = slots;
  const mean = add(first, mul(sub(gradient, first), 1 - beta1));
  const spread = add(mul(second, beta2), mul(square(gradient), 1 - beta2));
  const correction1 = 1 - beta1 ** number;
  const correction2 = Math.sqrt(1 - beta2 ** number);
  const stepSize = each(({ lr }) => lr / correction1);
  const eps = each(({ constants }) => constants.eps ?? 0);
  const denominator = add(div(sqrt(spread), correction2), eps);
  return { weights: sub(weights, div(mul(stepSize, mean), denominator)), slots: [mean, spread] };
}
