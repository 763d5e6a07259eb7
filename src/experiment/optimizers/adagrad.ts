import { add, div, mul, sqrt, square, sub, zerosLike } from '@tensorflow/tfjs-core';
import { constant, option, blockwise, type Start } from './optimizer';
import { withCoupledDecay } from './math/decay';

/** The initial sum of squares, a constant for each factor. */
const fromAccumulator = (start: Start) => [add(zerosLike(start.weights), constant(start, 'initialAccumulator'))];

/**
 * Adagrad: the gradient over the root of the sum of all squares so far.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 */
export const adagrad = blockwise(fromAccumulator, (step) => {
  const gradient = withCoupledDecay(step);
  const [before = gradient] = step.slots;
  const sum = add(before, square(gradient));
  const slowed = 1 + (step.number - 1) * option(step, 'lrDecay', 0);
  const rate = step.each(({ lr }) => lr / slowed);
  const denominator = add(sqrt(sum), constant(step, 'eps'));
  return { weights: sub(step.weights, div(mul(rate, gradient), denominator)), slots: [sum] };
});
