import { add, div, mul, sqrt, sub } from '@tensorflow/tfjs-core';
import { averagedSquare } from './math/averages';
import { constant, option, zeros, blockwise } from './optimizer';
import { withCoupledDecay } from './math/decay';

/**
 * Adadelta: the gradient times the size of past steps over the size of past gradients.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 */
export const adadelta = blockwise(zeros(2), (step) => {
  const gradient = withCoupledDecay(step);
  const [gradients = gradient, steps = gradient] = step.slots;
  const rho = option(step, 'rho', 0.9);
  const eps = constant(step, 'eps');
  const spread = averagedSquare(gradients, gradient, rho);
  const delta = mul(div(sqrt(add(steps, eps)), sqrt(add(spread, eps))), gradient);
  const rate = step.each(({ lr }) => lr);
  return { weights: sub(step.weights, mul(delta, rate)), slots: [spread, averagedSquare(steps, delta, rho)] };
});
