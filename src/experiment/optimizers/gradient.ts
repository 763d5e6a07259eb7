import { add, div, mul, sqrt, sub, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import type { FactorHyper } from '../spec';
import { fused, SGD_UPDATE } from '../tensors/operations';
import { averagedSquare } from './math/averages';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';
import {
  blockwise,
  constant,
  type Optimizer,
  option,
  rateOf,
  type Start,
  type Step,
  type Updated,
  zeros,
} from './optimizer';

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
  const rate = rateOf(step);
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

/** ASGD's state for the next step: the factor on the weights, 1 − lambd·eta, and the rate eta in float32. */
function asgdMemory({ each }: Start, etaOf: (hyper: FactorHyper) => number): Tensor[] {
  const eta = (hyper: FactorHyper): number => Math.fround(etaOf(hyper));
  return [each((hyper) => 1 - (hyper.constants.lambd ?? 0) * eta(hyper)), each(eta)];
}

/**
 * ASGD: SGD whose rate falls from step to step while the weights shrink by lambd·rate. The average of the weights, which
 * it keeps from step `t0` on, is not what trains, so it is left out.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 */
export const asgd = blockwise(
  (start) => asgdMemory(start, ({ lr }) => lr),
  (step) => {
    const gradient = withCoupledDecay(step);
    const [shrinking = zerosLike(gradient), eta = zerosLike(gradient)] = step.slots;
    const alpha = option(step, 'alpha', 0.75);
    const slots = asgdMemory(
      step,
      ({ lr, constants }) => lr / (1 + (constants.lambd ?? 0) * lr * step.number) ** alpha,
    );
    return { weights: sub(mul(step.weights, shrinking), mul(gradient, eta)), slots };
  },
);

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
  const rate = rateOf(step);
  return { weights: sub(step.weights, mul(delta, rate)), slots: [spread, averagedSquare(steps, delta, rho)] };
});
