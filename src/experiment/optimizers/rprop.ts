import { add, less, maximum, minimum, mul, scalar, sub, where, zerosLike } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { constant, option, blockwise, type Start } from './optimizer';

/** The initial state: no gradient, and the learning rate as step size. */
const fromRate = (start: Start) => {
  const zero = zerosLike(start.weights);
  const rate = start.each(({ lr }) => lr);
  return [zero, add(zero, rate)];
};

/**
 * Rprop: each element has its own step size, which grows while the gradient keeps its sign and shrinks when the sign
 * changes.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html
 */
export const rprop = blockwise(fromRate, (step) => {
  const { gradient, weights } = step;
  const [before = gradient, size = gradient] = step.slots;
  const agreement = mul(gradient, before);
  const turned = less(agreement, 0);
  const shorter = scalar(option(step, 'etaMinus', 0.5));
  const longer = scalar(option(step, 'etaPlus', 1.2));
  const factor = where(turned, shorter, where(less(0, agreement), longer, scalar(1)));
  const grown = mul(size, factor);
  const bounded = minimum(maximum(grown, constant(step, 'stepMin')), constant(step, 'stepMax'));
  const taken = where(turned, zerosLike(gradient), gradient);
  return { weights: sub(weights, mul(signOf(taken), bounded)), slots: [taken, bounded] };
});
