import { add, mul, sub } from '@tensorflow/tfjs-core';
import { withCoupledDecay } from './decay';
import { zeros } from './memory';
import { blockwise } from './optimizer';

/**
 * SGD with momentum, Nesterov's variant and decay added to the gradient.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export const sgd = blockwise(zeros(1), (step) => {
  const { weights, slots, settings, each } = step;
  const [buffer] = slots;
  const gradient = withCoupledDecay(step);
  const learningRate = each(({ lr }) => lr);
  if (settings.momentum === 0 || !buffer) return { weights: sub(weights, mul(gradient, learningRate)), slots };
  const moved = add(mul(buffer, settings.momentum), gradient);
  const direction = settings.nesterov ? add(gradient, mul(moved, settings.momentum)) : moved;
  return { weights: sub(weights, mul(direction, learningRate)), slots: [moved] };
});
