import { clipByValue, div, maximum, mul, sub } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { averaged, averagedSquare } from './math/averages';
import { withDecoupledDecay } from './math/decay';
import { blockwise, constant, rateOf, zeros } from './optimizer';

/**
 * Lion: a step of lr along the sign of an average of gradients, after the weights have shrunk by lr·decay.
 * @see https://arxiv.org/abs/2302.06675
 */
export const lion = blockwise(zeros(1), (step) => {
  const { gradient, slots, settings } = step;
  const [beta1, beta2] = settings.betas;
  const [mean = gradient] = slots;
  const direction = signOf(averaged(mean, gradient, beta1));
  return {
    weights: sub(withDecoupledDecay(step), mul(direction, rateOf(step))),
    slots: [averaged(mean, gradient, beta2)],
  };
});

/**
 * Sophia: the average gradient / (γ · an estimate of the Hessian's diagonal), each element clipped to ±1. The estimate
 * is the Gauss-Newton one, an average of squared gradients, updated at every step.
 * @see https://arxiv.org/abs/2305.14342
 */
export const sophia = blockwise(zeros(2), (step) => {
  const { gradient, slots, settings } = step;
  const [beta1, beta2] = settings.betas;
  const [oldMean = gradient, oldHessian = gradient] = slots;
  const mean = averaged(oldMean, gradient, beta1);
  const hessian = averagedSquare(oldHessian, gradient, beta2);
  const direction = clipByValue(
    div(mean, maximum(mul(hessian, constant(step, 'gamma')), constant(step, 'eps'))),
    -1,
    1,
  );
  return { weights: sub(withDecoupledDecay(step), mul(direction, rateOf(step))), slots: [mean, hessian] };
});
