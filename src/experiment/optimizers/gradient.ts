import {
  add,
  clipByValue,
  div,
  less,
  maximum,
  minimum,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import type { FactorHyper } from '../spec';
import { fused, SGD_UPDATE, signOf } from '../tensors/operations';
import {
  averaged,
  averagedSquare,
  blockwise,
  constant,
  lerp,
  option,
  rateOf,
  withCoupledDecay,
  withDecoupledDecay,
  zeros,
} from './optimizer';
import type { Start, Step, Updated } from './optimizer';

/** The momentum buffer, if there is momentum. */
type SgdState = Partial<Record<'buffer', Tensor>>;
const sgdState = (start: Start): SgdState => (start.settings.momentum === 0 ? {} : zeros('buffer')(start));

/**
 * SGD with momentum, Nesterov's variant and decay added to the gradient.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export const sgd = blockwise(sgdState, (step) => sgdStep(step, step.weights, withCoupledDecay(step)));

/** SGD's step from `weights` along `gradient`; what SGDW does after its decay. */
function sgdStep(step: Step & SgdState, weights: Tensor, gradient: Tensor): Updated<SgdState> {
  const { momentum, nesterov } = step.settings;
  const rate = rateOf(step);
  if (!step.buffer) {
    const [atOnce] = fused(SGD_UPDATE, { weights, gradient, rate }, {}) ?? [];
    return { weights: atOnce ?? sub(weights, mul(gradient, rate)) };
  }
  // The first gradient fills the buffer undamped.
  const damping = step.number === 1 ? 0 : option(step, 'dampening', 0);
  const buffer = add(mul(step.buffer, momentum), damping === 0 ? gradient : mul(gradient, 1 - damping));
  const direction = nesterov ? add(gradient, mul(buffer, momentum)) : buffer;
  return { weights: sub(weights, mul(direction, rate)), buffer };
}

/**
 * SGD after the weights have shrunk by lr·decay; without momentum this is LOMO.
 * @see https://arxiv.org/abs/1711.05101 and https://github.com/OpenLMLab/LOMO
 */
export const sgdw = blockwise(sgdState, (step) => sgdStep(step, withDecoupledDecay(step), step.gradient));

/** ASGD's state for the next step: the factor on the weights, 1 − lambd·eta, and the rate eta in float32. */
function asgdState({ each }: Start, etaOf: (hyper: FactorHyper) => number): Record<'shrinking' | 'eta', Tensor> {
  const eta = (hyper: FactorHyper): number => Math.fround(etaOf(hyper));
  return { shrinking: each((hyper) => 1 - (hyper.constants.lambd ?? 0) * eta(hyper)), eta: each(eta) };
}

/**
 * ASGD: SGD whose rate falls from step to step while the weights shrink by lambd·rate. The average of the weights, which
 * it keeps from step `t0` on, is not what trains, so it is left out.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html
 */
export const asgd = blockwise(
  (start) => asgdState(start, ({ lr }) => lr),
  (step) => {
    const gradient = withCoupledDecay(step);
    const alpha = option(step, 'alpha', 0.75);
    const falling = ({ lr, constants }: FactorHyper): number =>
      lr / (1 + (constants.lambd ?? 0) * lr * step.number) ** alpha;
    return {
      weights: sub(mul(step.weights, step.shrinking), mul(gradient, step.eta)),
      ...asgdState(step, falling),
    };
  },
);

/**
 * Adadelta: the gradient times the size of past steps over the size of past gradients.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 */
export const adadelta = blockwise(zeros('spread', 'sizes'), (step) => {
  const gradient = withCoupledDecay(step);
  const rho = option(step, 'rho', 0.9);
  const eps = constant(step, 'eps');
  const spread = averagedSquare(step.spread, gradient, rho);
  const delta = mul(div(sqrt(add(step.sizes, eps)), sqrt(add(spread, eps))), gradient);
  const sizes = averagedSquare(step.sizes, delta, rho);
  return { weights: sub(step.weights, mul(delta, rateOf(step))), spread, sizes };
});

/**
 * RMSprop: the gradient over the root of the mean square, or of the variance (`centered`), with momentum on top. With
 * the option `epsInside`, eps is added before the root.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
export const rmsprop = blockwise(zeros('spread', 'mean', 'buffer'), (step) => {
  const { momentum } = step.settings;
  const smoothing = option(step, 'smoothing', 0.99);
  const centered = option(step, 'centered', 0) !== 0;
  const gradient = withCoupledDecay(step);
  const spread = averagedSquare(step.spread, gradient, smoothing);
  const mean = centered ? lerp(step.mean, gradient, 1 - smoothing) : step.mean;
  const variance = centered ? sub(spread, square(mean)) : spread;
  const eps = constant(step, 'eps');
  const denominator = option(step, 'epsInside', 0) ? sqrt(add(variance, eps)) : add(sqrt(variance), eps);
  const rate = rateOf(step);
  if (momentum === 0) {
    return { weights: sub(step.weights, div(mul(rate, gradient), denominator)), spread, mean, buffer: step.buffer };
  }
  const buffer = add(mul(step.buffer, momentum), div(gradient, denominator));
  return { weights: sub(step.weights, mul(buffer, rate)), spread, mean, buffer };
});

/**
 * Adagrad: the gradient over the root of the sum of all squares so far. The sum starts from a constant for each factor.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 */
export const adagrad = blockwise(
  (start) => ({ squares: add(zerosLike(start.weights), constant(start, 'initialAccumulator')) }),
  (step) => {
    const gradient = withCoupledDecay(step);
    const squares = add(step.squares, square(gradient));
    const slowed = 1 + (step.number - 1) * option(step, 'lrDecay', 0);
    const rate = step.each(({ lr }) => lr / slowed);
    const denominator = add(sqrt(squares), constant(step, 'eps'));
    return { weights: sub(step.weights, div(mul(rate, gradient), denominator)), squares };
  },
);

/**
 * Rprop: each element has its own step size, which starts from the learning rate, grows while the gradient keeps its
 * sign and shrinks when the sign changes.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html
 */
export const rprop = blockwise(
  (start) => ({ before: zerosLike(start.weights), size: add(zerosLike(start.weights), rateOf(start)) }),
  (step) => {
    const { gradient, weights } = step;
    const agreement = mul(gradient, step.before);
    const turned = less(agreement, 0);
    const shorter = scalar(option(step, 'etaMinus', 0.5));
    const longer = scalar(option(step, 'etaPlus', 1.2));
    const factor = where(turned, shorter, where(less(0, agreement), longer, scalar(1)));
    const grown = mul(step.size, factor);
    const size = minimum(maximum(grown, constant(step, 'stepMin')), constant(step, 'stepMax'));
    const before = where(turned, zerosLike(gradient), gradient);
    return { weights: sub(weights, mul(signOf(before), size)), before, size };
  },
);

/**
 * Lion: a step of lr along the sign of an average of gradients, after the weights have shrunk by lr·decay.
 * @see https://arxiv.org/abs/2302.06675
 */
export const lion = blockwise(zeros('mean'), (step) => {
  const direction = signOf(averaged(step.mean, step.gradient, step.beta1));
  return {
    weights: sub(withDecoupledDecay(step), mul(direction, rateOf(step))),
    mean: averaged(step.mean, step.gradient, step.beta2),
  };
});

/**
 * Sophia: the average gradient / (γ · an estimate of the Hessian's diagonal), each element clipped to ±1. The estimate
 * is the Gauss-Newton one, an average of squared gradients, updated at every step.
 * @see https://arxiv.org/abs/2305.14342
 */
export const sophia = blockwise(zeros('mean', 'hessian'), (step) => {
  const mean = averaged(step.mean, step.gradient, step.beta1);
  const hessian = averagedSquare(step.hessian, step.gradient, step.beta2);
  const floored = maximum(mul(hessian, constant(step, 'gamma')), constant(step, 'eps'));
  const direction = clipByValue(div(mean, floored), -1, 1);
  return { weights: sub(withDecoupledDecay(step), mul(direction, rateOf(step))), mean, hessian };
});
