import { mul, sub } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { averaged } from './math/averages';
import { withDecoupledDecay } from './math/decay';
import { zeros, blockwise } from './optimizer';

/**
 * Lion: a step of lr along the sign of an average of gradients, after the weights have shrunk by lr·decay.
 * @see https://arxiv.org/abs/2302.06675
 */
export const lion = blockwise(zeros(1), (step) => {
  const { gradient, slots, settings, each } = step;
  const [beta1, beta2] = settings.betas;
  const [mean = gradient] = slots;
  const direction = signOf(averaged(mean, gradient, beta1));
  const learningRate = each(({ lr }) => lr);
  return {
    weights: sub(withDecoupledDecay(step), mul(direction, learningRate)),
    slots: [averaged(mean, gradient, beta2)],
  };
});
