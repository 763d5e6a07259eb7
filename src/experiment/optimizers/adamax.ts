import { abs, add, div, maximum, mul, sub } from '@tensorflow/tfjs-core';
import { lerp } from './math/averages';
import { constant, zeros, blockwise } from './optimizer';
import { withCoupledDecay } from './math/decay';

/**
 * Adamax: Adam with a decaying maximum of the gradient in place of the root mean square.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html
 */
export const adamax = blockwise(zeros(2), (step) => {
  const [beta1, beta2] = step.settings.betas;
  const gradient = withCoupledDecay(step);
  const [first = gradient, most = gradient] = step.slots;
  const mean = lerp(first, gradient, 1 - beta1);
  const largest = maximum(mul(most, beta2), add(abs(gradient), constant(step, 'eps')));
  const correction = 1 - beta1 ** step.number;
  const rate = step.each(({ lr }) => lr / correction);
  return { weights: sub(step.weights, div(mul(rate, mean), largest)), slots: [mean, largest] };
});
