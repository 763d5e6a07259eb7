import { add, mul, sub, type Tensor } from '@tensorflow/tfjs-core';
import { fused, SGD_UPDATE } from '../tensors/fused';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';
import { blockwise, type Optimizer, option, type Step, type Updated, zeros } from './optimizer';

/** The momentum buffer, if there is momentum. */
const sgdMemory: Optimizer['start'] = (start) => zeros(start.settings.momentum === 0 ? 0 : 1)(start);

/**
 * SGD with momentum, Nesterov's variant and decay added to the gradient.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export const sgd = blockwise(sgdMemory, (step) => sgdStep(step, step.weights, withCoupledDecay(step)));

/** SGD's step from `weights` along `gradient`; what SGDW does after its decay. */
function sgdStep(step: Step, weights: Tensor, gradient: Tensor): Updated {
  const { slots, settings, number } = step;
  const { momentum, nesterov } = settings;
  const [buffer] = slots;
  const rate = step.each(({ lr }) => lr);
  if (!buffer) {
    const [atOnce] = fused(SGD_UPDATE, { weights, gradient, rate }, {}) ?? [];
    return { weights: atOnce ?? sub(weights, mul(gradient, rate)), slots };
  }
  // The first gradient fills the buffer undamped.
  const damping = number === 1 ? 0 : option(step, 'dampening', 0);
  const moved = add(mul(buffer, momentum), damping === 0 ? gradient : mul(gradient, 1 - damping));
  const direction = nesterov ? add(gradient, mul(moved, momentum)) : moved;
  return { weights: sub(weights, mul(direction, rate)), slots: [moved] };
}

/**
 * SGD after the weights have shrunk by lr·decay; without momentum this is LOMO.
 * @see https://arxiv.org/abs/1711.05101 and https://github.com/OpenLMLab/LOMO
 */
export const sgdw = blockwise(sgdMemory, (step) => sgdStep(step, withDecoupledDecay(step), step.gradient));
