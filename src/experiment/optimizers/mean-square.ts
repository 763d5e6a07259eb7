import {
  add,
  div,
  less,
  maximum,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { averagedSquare, lerp } from './math/averages';
import { withCoupledDecay } from './math/decay';
import { blockwise, constant, option, rateOf, type Start, zeros } from './optimizer';

/**
 * RMSprop: the gradient over the root of the mean square, or of the variance (`centered`), with momentum on top.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export const rmsprop = blockwise(zeros(3), (step) => {
  const { settings, weights } = step;
  const smoothing = option(step, 'smoothing', 0.99);
  const centered = option(step, 'centered', 0) !== 0;
  const inside = option(step, 'epsInside', 0) !== 0;
  const gradient = withCoupledDecay(step);
  const [second = gradient, first = gradient, buffer = gradient] = step.slots;
  const spread = averagedSquare(second, gradient, smoothing);
  const mean = centered ? lerp(first, gradient, 1 - smoothing) : first;
  const variance = centered ? sub(spread, square(mean)) : spread;
  const eps = constant(step, 'eps');
  const denominator = inside ? sqrt(add(variance, eps)) : add(sqrt(variance), eps);
  const rate = rateOf(step);
  if (settings.momentum === 0) {
    return { weights: sub(weights, div(mul(rate, gradient), denominator)), slots: [spread, mean, buffer] };
  }
  const moved = add(mul(buffer, settings.momentum), div(gradient, denominator));
  return { weights: sub(weights, mul(moved, rate)), slots: [spread, mean, moved] };
});

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

/** The initial state: no gradient, and the learning rate as step size. */
const fromRate = (start: Start) => {
  const zero = zerosLike(start.weights);
  return [zero, add(zero, rateOf(start))];
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
