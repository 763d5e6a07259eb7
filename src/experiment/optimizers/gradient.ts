import * as tf from '@tensorflow/tfjs-core';
import type { FactorHyper } from '../spec';
import { fused, SGD_UPDATE, signOf } from '../tensors/operations';
import { blockwise, constant, option, rateOf, zeros } from './optimizer';
import type { ByRow, Start, Step, Updated } from './optimizer';
import { averaged, averagedSquare, bothDecays, lerp, moved, rootPlusEps } from './terms';
import { shrunkAndMoved, withCoupledDecay } from './terms';

/** The momentum buffer, if there is momentum. */
type SgdState = Partial<Record<'buffer', tf.Tensor>>;
const sgdState = (start: Start): SgdState => (start.settings.momentum === 0 ? {} : zeros('buffer')(start));

function sgdStep(step: Step & SgdState, weights: tf.Tensor, gradient: tf.Tensor): Updated<SgdState> {
  const { momentum, nesterov } = step.settings;
  const rate = rateOf(step);
  if (!step.buffer) {
    const [atOnce] = fused(SGD_UPDATE, { weights, gradient, rate }, {}) ?? [];
    return { weights: atOnce ?? moved(weights, gradient, rate) };
  }
  // The first gradient fills the buffer undamped.
  const damping = step.number === 1 ? 0 : option(step, 'dampening', 0);
  const buffer = tf.add(tf.mul(step.buffer, momentum), damping === 0 ? gradient : tf.mul(gradient, 1 - damping));
  const direction = nesterov ? tf.add(gradient, tf.mul(buffer, momentum)) : buffer;
  return { weights: moved(weights, direction, rate), buffer };
}

const sgd = bothDecays(sgdState, sgdStep);

/** ASGD's state for the next step: the factor on the weights, 1 − lambd·eta, and the rate eta in float32. */
function asgdState({ each }: Start, etaOf: (hyper: FactorHyper) => number): Record<'shrinking' | 'eta', tf.Tensor> {
  const eta = (hyper: FactorHyper): number => Math.fround(etaOf(hyper));
  return { shrinking: each((hyper) => 1 - (hyper.constants.lambd ?? 0) * eta(hyper)), eta: each(eta) };
}

/**
 * The gradient over the root of the mean square, or of the variance (`centered`); eps inside the root with `epsInside`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 */
const rmsprop = blockwise(zeros('spread', 'mean', 'buffer'), (step) => {
  const { momentum } = step.settings;
  const smoothing = option(step, 'smoothing', 0.99);
  const centered = option(step, 'centered', 0) !== 0;
  const gradient = withCoupledDecay(step);
  const spread = averagedSquare(step.spread, gradient, smoothing);
  const mean = centered ? lerp(step.mean, gradient, 1 - smoothing) : step.mean;
  const variance = centered ? tf.sub(spread, tf.square(mean)) : spread;
  const isInside = option(step, 'epsInside', 0) !== 0;
  const denominator = isInside ? tf.sqrt(tf.add(variance, constant(step, 'eps'))) : rootPlusEps(step, variance);
  const rate = rateOf(step);
  if (momentum === 0) {
    const weights = tf.sub(step.weights, tf.div(tf.mul(rate, gradient), denominator));
    return { weights, spread, mean, buffer: step.buffer };
  }
  const buffer = tf.add(tf.mul(step.buffer, momentum), tf.div(gradient, denominator));
  return { weights: moved(step.weights, buffer, rate), spread, mean, buffer };
});

export const GRADIENT = {
  /** @see https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html */
  sgd: sgd.coupled,

  /**
   * Without momentum this is LOMO.
   * @see https://arxiv.org/abs/1711.05101 and https://github.com/OpenLMLab/LOMO
   */
  sgdw: sgd.decoupled,

  /**
   * SGD whose rate falls while the weights shrink by lambd·rate. Their average, kept from step `t0` on, does not train.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html
   */
  asgd: blockwise(
    (start) => asgdState(start, ({ lr }) => lr),
    (step) => {
      const gradient = withCoupledDecay(step);
      const alpha = option(step, 'alpha', 0.75);
      const falling = ({ lr, constants }: FactorHyper): number =>
        lr / (1 + (constants.lambd ?? 0) * lr * step.number) ** alpha;
      const weights = moved(tf.mul(step.weights, step.shrinking), gradient, step.eta);
      return { weights, ...asgdState(step, falling) };
    },
  ),

  /** @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html */
  adadelta: blockwise(zeros('spread', 'sizes'), (step) => {
    const gradient = withCoupledDecay(step);
    const rho = option(step, 'rho', 0.9);
    const eps = constant(step, 'eps');
    const spread = averagedSquare(step.spread, gradient, rho);
    const delta = tf.mul(tf.div(tf.sqrt(tf.add(step.sizes, eps)), tf.sqrt(tf.add(spread, eps))), gradient);
    const sizes = averagedSquare(step.sizes, delta, rho);
    return { weights: moved(step.weights, delta, rateOf(step)), spread, sizes };
  }),

  rmsprop,
  'rmsprop-eps-inside': rmsprop,

  /** @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html */
  adagrad: blockwise(
    (start) => ({ squares: tf.add(tf.zerosLike(start.weights), constant(start, 'initialAccumulator')) }),
    (step) => {
      const gradient = withCoupledDecay(step);
      const squares = tf.add(step.squares, tf.square(gradient));
      const slowed = 1 + (step.number - 1) * option(step, 'lrDecay', 0);
      const rate = step.each(({ lr }) => lr / slowed);
      return { weights: tf.sub(step.weights, tf.div(tf.mul(rate, gradient), rootPlusEps(step, squares))), squares };
    },
  ),

  /**
   * Each element's step size grows while its gradient keeps the sign, and shrinks when it turns.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html
   */
  rprop: blockwise(
    (start) => ({ before: tf.zerosLike(start.weights), size: tf.add(tf.zerosLike(start.weights), rateOf(start)) }),
    (step) => {
      const { gradient, weights } = step;
      const agreement = tf.mul(gradient, step.before);
      const turned = tf.less(agreement, 0);
      const shorter = tf.scalar(option(step, 'etaMinus', 0.5));
      const longer = tf.scalar(option(step, 'etaPlus', 1.2));
      const factor = tf.where(turned, shorter, tf.where(tf.less(0, agreement), longer, tf.scalar(1)));
      const grown = tf.mul(step.size, factor);
      const size = tf.minimum(tf.maximum(grown, constant(step, 'stepMin')), constant(step, 'stepMax'));
      const before = tf.where(turned, tf.zerosLike(gradient), gradient);
      return { weights: moved(weights, signOf(before), size), before, size };
    },
  ),

  /** @see https://arxiv.org/abs/2302.06675 */
  lion: blockwise(zeros('mean'), (step) => {
    const weights = shrunkAndMoved(step, signOf(averaged(step.mean, step.gradient, step.beta1)));
    return { weights, mean: averaged(step.mean, step.gradient, step.beta2) };
  }),

  /**
   * The estimate of the Hessian's diagonal is the Gauss-Newton one, an average of squared gradients at every step.
   * @see https://arxiv.org/abs/2305.14342
   */
  sophia: blockwise(zeros('mean', 'hessian'), (step) => {
    const mean = averaged(step.mean, step.gradient, step.beta1);
    const hessian = averagedSquare(step.hessian, step.gradient, step.beta2);
    const floored = tf.maximum(tf.mul(hessian, constant(step, 'gamma')), constant(step, 'eps'));
    return { weights: shrunkAndMoved(step, tf.clipByValue(tf.div(mean, floored), -1, 1)), mean, hessian };
  }),
} satisfies ByRow;
