import { add, mul, sub } from '@tensorflow/tfjs-core';
import type { Optimizer } from './optimizer';
import { withCoupledDecay } from './decay';

/**
 * SGD with momentum, Nesterov's variant and decay added to the gradient.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export const sgd: Optimizer = {
  slots: 1,
  update(step) {
    const { weights, slots, settings, rate, each } = step;
    const [buffer] = slots;
    const gradient = withCoupledDecay(step);
    const learningRate = each((hyper) => hyper.lr * rate);
    if (settings.momentum === 0 || !buffer) {
      return { weights: sub(weights, mul(gradient, learningRate)), slots: [...slots] };
    }
    const moved = add(mul(buffer, settings.momentum), gradient);
    const direction = settings.nesterov ? add(gradient, mul(moved, settings.momentum)) : moved;
    return { weights: sub(weights, mul(direction, learningRate)), slots: [moved] };
  },
};
