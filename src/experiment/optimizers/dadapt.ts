import { abs, add, div, fill, maximum, minimum, mul, sqrt, square, sub, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import {
  averaged,
  averagedSquare,
  constant,
  decayOf,
  option,
  sharing,
  withCoupledDecay,
  withDecayAt,
  zeros,
} from './optimizer';
import type { Optimizer, Start, Step } from './optimizer';
import { firstDistance, ofFirst, scaledRate, total, whereMoving } from './shared-distance';

/*
 * D-Adaptation. All parameters share the estimate d of the distance to the solution, which only grows, and the running
 * numbers it is estimated from. Options of all: `growthRate` (0 = no limit), `biasCorrection`.
 */

/** The initial distance, and zeros of its shape. */
function sharedNumbers<Name extends string>(start: Start, ...names: Name[]): Record<'distance' | Name, Tensor> {
  const distance = firstDistance(start);
  const entries = names.map((name) => [name, zerosLike(distance)] as const);
  return { distance, ...Object.fromEntries(entries) } as Record<'distance' | Name, Tensor>;
}

/** The larger of both distances, at most `growthRate` times the old one (0 = no limit). */
function grown(step: Step & Record<'distance', Tensor>, estimate: Tensor): Tensor {
  const most = option(step, 'growthRate', 0);
  return maximum(step.distance, most > 0 ? minimum(estimate, mul(step.distance, most)) : estimate);
}

/** 1 where the rate of this step is above 0, else 0. */
function isMoving({ each }: Step): Tensor {
  return ofFirst(each(({ lr }) => (lr > 0 ? 1 : 0)));
}

/**
 * D-Adaptation's SGD: the weights are the start minus d · (sum of gradients) / (norm of the first gradient).
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_sgd.py
 */
export const dadaptSgd = sharing(
  (start) => ({ start: start.weights, ...zeros('sum')(start), ...sharedNumbers(start, 'gain', 'norm') }),
  (steps, first) => {
    const { distance, settings } = first;
    // The norm of the first gradient excludes decay, as in the source.
    const norm = first.number > 1 ? first.norm : sqrt(total(steps.map(({ gradient }) => square(gradient))));
    const blocks = steps.map((step) => {
      const pull = mul(withCoupledDecay(step), div(scaledRate(step, distance), norm));
      return { step, gain: mul(pull, step.sum), sum: add(step.sum, pull) };
    });
    const gain = add(first.gain, total(blocks.map((block) => block.gain)));
    const size = sqrt(total(blocks.map(({ sum }) => square(sum))));
    const estimate = whereMoving(size, div(mul(gain, 2), size), distance);
    const shared = { distance: grown(first, estimate), gain, norm };
    return blocks.map(({ step: { start, weights }, sum }) => {
      return { weights: pulledTo(sub(start, sum), weights, settings.momentum), start, sum, ...shared };
    });
  },
);

/** The weights between where they are and a target; momentum keeps them. */
function pulledTo(target: Tensor, weights: Tensor, momentum: number): Tensor {
  return add(mul(weights, momentum), mul(target, 1 - momentum));
}

/** Initial sum of squares of D-Adaptation's Adagrad; a fixed number in the source. */
const INITIAL_SQUARES = 1e-6;

/**
 * D-Adaptation's Adagrad: the weights are the start minus d · (sum of gradients) / √(sum of squared gradients).
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adagrad.py
 */
export const dadaptAdagrad = sharing(
  (start) => {
    const squares = fill(start.weights.shape, INITIAL_SQUARES);
    return { start: start.weights, ...zeros('sum')(start), squares, ...sharedNumbers(start, 'pulled') };
  },
  (steps, first) => {
    const { distance, settings } = first;
    const blocks = steps.map((step) => {
      const gradient = withCoupledDecay(step);
      const pull = mul(gradient, scaledRate(step, distance));
      const squares = add(step.squares, square(gradient));
      const denominator = add(sqrt(squares), constant(step, 'eps'));
      return { step, pull, denominator, state: { start: step.start, sum: add(step.sum, pull), squares } };
    });
    const size = total(blocks.map(({ state }) => abs(state.sum)));
    const pulled = add(first.pulled, total(blocks.map(({ pull, denominator }) => div(square(pull), denominator))));
    const summed = total(blocks.map(({ state, denominator }) => div(square(state.sum), denominator)));
    const estimate = whereMoving(size, div(sub(summed, pulled), size), distance);
    const shared = { distance: grown(first, estimate), pulled };
    return blocks.map(({ step, state, denominator }) => {
      const target = sub(state.start, div(state.sum, denominator));
      return { weights: pulledTo(target, step.weights, settings.momentum), ...state, ...shared };
    });
  },
);

/**
 * D-Adaptation's Lion: the sign of an average that weighs earlier gradients by d·lr and the current gradient by 1, as
 * in the source.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_lion.py
 */
export const dadaptLion = sharing(
  (start) => ({ ...zeros('mean', 'sum')(start), ...sharedNumbers(start, 'gain') }),
  (steps, first) => {
    const { beta1, beta2, distance } = first;
    const kept = Math.sqrt(beta2);
    const blocks = steps.map((step) => {
      const rate = scaledRate(step, distance);
      const pull = mul(signOf(averaged(step.mean, step.gradient, beta1)), rate);
      const mean = averaged(step.mean, mul(step.gradient, rate), beta2);
      const weights = sub(withDecayAt(step, rate), pull);
      return { gain: mul(pull, step.sum), state: { weights, mean, sum: averaged(step.sum, pull, kept) } };
    });
    const size = total(blocks.map(({ state }) => abs(state.sum)));
    const gain = averaged(first.gain, total(blocks.map((block) => block.gain)), kept);
    const estimate = whereMoving(mul(size, isMoving(first)), div(gain, mul(size, 1 - kept)), distance);
    const shared = { distance: maximum(distance, estimate), gain: whereMoving(size, gain, first.gain) };
    return blocks.map(({ state }) => ({ ...state, ...shared }));
  },
);

/**
 * D-Adaptation's Adam: averages gradients times d. `squares` is the estimate of the preprint, from the squares of
 * gradients and of their sum.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adam.py
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/experimental/dadapt_adam_preprint.py
 */
function dadaptAdamOf(estimateBy: 'inner-product' | 'squares', decay: 'coupled' | 'decoupled'): Optimizer {
  const bySquares = estimateBy === 'squares';
  return sharing(
    (start) => ({ ...zeros('mean', 'spread', 'sum')(start), ...sharedNumbers(start, 'average') }),
    (steps, first) => {
      const { beta1, beta2, distance } = first;
      const kept = bySquares ? beta2 : Math.sqrt(beta2);
      const blocks = steps.map((step) => {
        const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
        const rate = scaledRate(step, distance);
        const pull = mul(gradient, rate);
        const spread = averagedSquare(step.spread, gradient, beta2);
        const eps = constant(step, 'eps');
        const denominator = add(sqrt(spread), eps);
        const sum = averaged(step.sum, pull, kept);
        return {
          step,
          rate,
          denominator,
          // The inner product has the sum and the denominator of the step before.
          gain: bySquares ? div(square(pull), denominator) : mul(pull, div(step.sum, add(sqrt(step.spread), eps))),
          state: { mean: averaged(step.mean, pull, beta1), spread, sum },
        };
      });

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ state }) => abs(state.sum))), isMoving(first));
      const average = averaged(first.average, total(blocks.map(({ gain }) => gain)), kept);
      const summed = (): Tensor => total(blocks.map(({ state, denominator }) => div(square(state.sum), denominator)));
      const ratio = bySquares ? div(sub(div(summed(), 1 - kept), average), size) : div(average, mul(size, 1 - kept));
      const estimate = whereMoving(size, ratio, distance);
      const shared = { distance: grown(first, estimate), average: whereMoving(size, average, first.average) };
      return blocks.map(({ step, rate, denominator, state }) => {
        const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
        const moved = whereMoving(size, sub(weights, div(state.mean, denominator)), step.weights);
        return { weights: moved, ...state, ...shared };
      });
    },
  );
}

export const dadaptAdam = dadaptAdamOf('inner-product', 'coupled');
export const dadaptAdamDecoupled = dadaptAdamOf('inner-product', 'decoupled');
export const dadaptAdamPreprint = dadaptAdamOf('squares', 'coupled');
export const dadaptAdamPreprintDecoupled = dadaptAdamOf('squares', 'decoupled');

/**
 * D-Adaptation's Adan. `squares` is the estimate of the class DAdaptAdan, `inner-product` that of DAdaptAdanIP. Further
 * options: `beta3`, `noProx`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adan.py
 */
function dadaptAdanOf(estimateBy: 'squares' | 'inner-product'): Optimizer {
  const bySquares = estimateBy === 'squares';
  return sharing(
    (start) => ({
      ...zeros('mean', 'change', 'spread', 'sum', 'before')(start),
      ...sharedNumbers(start, 'average'),
    }),
    (steps, first) => {
      const { distance } = first;
      const kept = option(first, 'beta3', 0.99);
      const blocks = steps.map((step) => {
        const { gradient, beta1, beta2 } = step;
        const rate = scaledRate(step, distance);
        const eps = constant(step, 'eps');
        const difference = sub(gradient, step.number > 1 ? step.before : gradient);
        const pull = mul(gradient, rate);
        const mean = averaged(step.mean, pull, beta1);
        const change = averaged(step.change, mul(difference, rate), beta2);
        const spread = averagedSquare(step.spread, add(gradient, mul(difference, beta2)), kept);
        const denominator = add(sqrt(spread), eps);
        const update = div(add(mean, mul(change, beta2)), denominator);
        return {
          weights: proximal(step, rate, update),
          denominator,
          // The inner product has the sum and the denominator of the step before.
          gain: bySquares ? div(square(pull), denominator) : mul(pull, div(step.sum, add(sqrt(step.spread), eps))),
          state: { mean, change, spread, sum: averaged(step.sum, pull, kept), before: gradient },
        };
      });

      const size = total(blocks.map(({ state }) => abs(state.sum)));
      const average = averaged(first.average, total(blocks.map(({ gain }) => gain)), kept);
      const summed = (): Tensor => total(blocks.map(({ state, denominator }) => div(square(state.sum), denominator)));
      const numerator = bySquares ? sub(div(summed(), 1 - kept), average) : mul(average, (2 * kept) / (1 - kept));
      const estimate = whereMoving(size, div(numerator, size), distance);
      const shared = { distance: grown(first, estimate), average: whereMoving(size, average, first.average) };
      return blocks.map(({ weights, state }) => ({ weights, ...state, ...shared }));
    },
  );
}

export const dadaptAdan = dadaptAdanOf('squares');
export const dadaptAdanIp = dadaptAdanOf('inner-product');

/** The weights after update and decay; by default, decay divides them afterwards (a proximal step). */
function proximal(step: Step, rate: Tensor, update: Tensor): Tensor {
  const { weights, decays } = step;
  if (!decays) return sub(weights, update);
  const shrink = mul(rate, decayOf(step));
  if (option(step, 'noProx', 0)) return sub(mul(weights, sub(1, shrink)), update);
  return div(sub(weights, update), add(shrink, 1));
}
