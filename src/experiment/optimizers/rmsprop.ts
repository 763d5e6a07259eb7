import { add, div, mul, sqrt, square, sub } from '@tensorflow/tfjs-core';
import { averagedSquare, lerp } from './math/averages';
import { constant, option, zeros, blockwise } from './optimizer';
import { withCoupledDecay } from './math/decay';

/**
 * RMSprop: the gradient over the root of the mean square, or of the variance (`centered`), with momentum on top.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export const rmsprop = blockwise(zeros(3), (step) => {
  const { settings, each, weights } = step;
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
  const rate = each(({ lr }) => lr);
  if (settings.momentum === 0) {
    return { weights: sub(weights, div(mul(rate, gradient), denominator)), slots: [spread, mean, buffer] };
  }
  const moved = add(mul(buffer, settings.momentum), div(gradient, denominator));
  return { weights: sub(weights, mul(moved, rate)), slots: [spread, mean, moved] };
});
