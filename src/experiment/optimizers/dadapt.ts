import { abs, add, div, maximum, minimum, mul, sqrt, square, sub, zerosLike } from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { signOf } from '../tensors/operations';
import { scaledRate, sharedNumbers, whereMoving } from './distance';
import { ofFirst, total } from './math/matrices';
import { decayOf, option, sharing, zeros } from './optimizer';
import type { ByRow, Optimizer, Step } from './optimizer';
import { averaged, averagedSquare, rootPlusEps, withCoupledDecay, withDecayAt } from './terms';

/** The larger of both distances, at most `growthRate` times the old one (0 = no limit). */
function grown(step: Step & Record<'distance', Tensor>, estimate: Tensor): Tensor {
  const most = option(step, 'growthRate', 0);
  return maximum(step.distance, most > 0 ? minimum(estimate, mul(step.distance, most)) : estimate);
}

function isMoving({ each }: Step): Tensor {
  return ofFirst(each(({ lr }) => (lr > 0 ? 1 : 0)));
}

function pulledTo(target: Tensor, { weights, settings: { momentum } }: Step): Tensor {
  return add(mul(weights, momentum), mul(target, 1 - momentum));
}

/** A fixed number in the source. */
const INITIAL_SQUARES = 1e-6;

/** How D-Adaptation estimates: from squares of gradients and of their sum, or from an inner product of both. */
type EstimateBy = 'squares' | 'inner-product';

/** What a step adds to the estimate. The inner product has the sum and the denominator of the step before. */
function gainOf(
  by: EstimateBy,
  step: Step & Record<'sum' | 'spread', Tensor>,
  pull: Tensor,
  denominator: Tensor,
): Tensor {
  return by === 'squares' ? div(square(pull), denominator) : mul(pull, div(step.sum, rootPlusEps(step, step.spread)));
}

type Gained = Record<'gain' | 'denominator', Tensor> & { state: Record<'sum', Tensor> };

/** The shared numbers after this step. @param byProduct the estimate from the average of inner products */
function estimated(
  by: EstimateBy,
  first: Step & Record<'distance' | 'average', Tensor>,
  blocks: readonly Gained[],
  kept: number,
  size: Tensor,
  byProduct: (average: Tensor) => Tensor,
): Record<'distance' | 'average', Tensor> {
  const average = averaged(first.average, total(blocks.map(({ gain }) => gain)), kept);
  const bySquares = (): Tensor => {
    const summed = total(blocks.map(({ state, denominator }) => div(square(state.sum), denominator)));
    return div(sub(div(summed, 1 - kept), average), size);
  };
  const estimate = whereMoving(size, by === 'squares' ? bySquares() : byProduct(average), first.distance);
  return { distance: grown(first, estimate), average: whereMoving(size, average, first.average) };
}

/**
 * D-Adaptation's Adam: averages gradients times d. `squares` is the estimate of the preprint.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adam.py
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/experimental/dadapt_adam_preprint.py
 */
function dadaptAdam(by: EstimateBy, decay: 'coupled' | 'decoupled'): Optimizer {
  return sharing(
    (start) => ({ ...zeros('mean', 'spread', 'sum')(start), ...sharedNumbers(start, 'average') }),
    (steps, first) => {
      const { beta1, beta2, distance } = first;
      const kept = by === 'squares' ? beta2 : Math.sqrt(beta2);
      const blocks = steps.map((step) => {
        const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
        const rate = scaledRate(step, distance);
        const pull = mul(gradient, rate);
        const spread = averagedSquare(step.spread, gradient, beta2);
        const denominator = rootPlusEps(step, spread);
        const state = { mean: averaged(step.mean, pull, beta1), spread, sum: averaged(step.sum, pull, kept) };
        return { step, rate, denominator, gain: gainOf(by, step, pull, denominator), state };
      });

      // At a rate of 0 it holds still, averages and all.
      const size = mul(total(blocks.map(({ state }) => abs(state.sum))), isMoving(first));
      const shared = estimated(by, first, blocks, kept, size, (average) => div(average, mul(size, 1 - kept)));
      return blocks.map(({ step, rate, denominator, state }) => {
        const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
        const stepped = whereMoving(size, sub(weights, div(state.mean, denominator)), step.weights);
        return { weights: stepped, ...state, ...shared };
      });
    },
  );
}

/**
 * D-Adaptation's Adan. `squares` is the estimate of the class DAdaptAdan, `inner-product` that of DAdaptAdanIP. Further
 * options: `beta3`, `noProx`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adan.py
 */
function dadaptAdan(by: EstimateBy): Optimizer {
  return sharing(
    (start) => ({ ...zeros('mean', 'change', 'spread', 'sum', 'before')(start), ...sharedNumbers(start, 'average') }),
    (steps, first) => {
      const { distance } = first;
      const kept = option(first, 'beta3', 0.99);
      const blocks = steps.map((step) => {
        const { gradient, beta1, beta2 } = step;
        const rate = scaledRate(step, distance);
        const difference = sub(gradient, step.number > 1 ? step.before : gradient);
        const pull = mul(gradient, rate);
        const mean = averaged(step.mean, pull, beta1);
        const change = averaged(step.change, mul(difference, rate), beta2);
        const spread = averagedSquare(step.spread, add(gradient, mul(difference, beta2)), kept);
        const denominator = rootPlusEps(step, spread);
        const weights = proximal(step, rate, div(add(mean, mul(change, beta2)), denominator));
        const state = { mean, change, spread, sum: averaged(step.sum, pull, kept), before: gradient };
        return { weights, denominator, gain: gainOf(by, step, pull, denominator), state };
      });

      const size = total(blocks.map(({ state }) => abs(state.sum)));
      const weighed = (2 * kept) / (1 - kept);
      const shared = estimated(by, first, blocks, kept, size, (average) => div(mul(average, weighed), size));
      return blocks.map(({ weights, state }) => ({ weights, ...state, ...shared }));
    },
  );
}

/** The weights after update and decay; by default, decay divides them afterwards (a proximal step). */
function proximal(step: Step, rate: Tensor, update: Tensor): Tensor {
  const { weights, decays } = step;
  if (!decays) return sub(weights, update);
  const shrink = mul(rate, decayOf(step));
  if (option(step, 'noProx', 0)) return sub(mul(weights, sub(1, shrink)), update);
  return div(sub(weights, update), add(shrink, 1));
}

export const DADAPT = {
  'dadapt-adam': dadaptAdam('inner-product', 'coupled'),
  'dadapt-adam-decoupled': dadaptAdam('inner-product', 'decoupled'),
  'dadapt-adam-preprint': dadaptAdam('squares', 'coupled'),
  'dadapt-adam-preprint-decoupled': dadaptAdam('squares', 'decoupled'),
  'dadapt-adan': dadaptAdan('squares'),
  'dadapt-adan-ip': dadaptAdan('inner-product'),

  /**
   * The weights are the start minus d · (sum of gradients) / (norm of the first gradient).
   * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_sgd.py
   */
  'dadapt-sgd': sharing(
    (start) => ({ start: start.weights, ...zeros('sum')(start), ...sharedNumbers(start, 'gain', 'norm') }),
    (steps, first) => {
      // The norm of the first gradient excludes decay, as in the source.
      const norm = first.number > 1 ? first.norm : sqrt(total(steps.map(({ gradient }) => square(gradient))));
      const blocks = steps.map((step) => {
        const pull = mul(withCoupledDecay(step), div(scaledRate(step, first.distance), norm));
        return { step, gain: mul(pull, step.sum), sum: add(step.sum, pull) };
      });
      const gain = add(first.gain, total(blocks.map((block) => block.gain)));
      const size = sqrt(total(blocks.map(({ sum }) => square(sum))));
      const estimate = whereMoving(size, div(mul(gain, 2), size), first.distance);
      const shared = { distance: grown(first, estimate), gain, norm };
      return blocks.map(({ step, sum }) => {
        return { weights: pulledTo(sub(step.start, sum), step), start: step.start, sum, ...shared };
      });
    },
  ),

  /**
   * The weights are the start minus d · (sum of gradients) / √(sum of squared gradients).
   * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adagrad.py
   */
  'dadapt-adagrad': sharing(
    (start) => {
      const squares = add(zerosLike(start.weights), INITIAL_SQUARES);
      return { start: start.weights, ...zeros('sum')(start), squares, ...sharedNumbers(start, 'pulled') };
    },
    (steps, first) => {
      const blocks = steps.map((step) => {
        const gradient = withCoupledDecay(step);
        const pull = mul(gradient, scaledRate(step, first.distance));
        const squares = add(step.squares, square(gradient));
        const state = { start: step.start, sum: add(step.sum, pull), squares };
        return { step, pull, denominator: rootPlusEps(step, squares), state };
      });
      const size = total(blocks.map(({ state }) => abs(state.sum)));
      const gains = blocks.map(({ pull, denominator }) => div(square(pull), denominator));
      const pulled = add(first.pulled, total(gains));
      const summed = total(blocks.map(({ state, denominator }) => div(square(state.sum), denominator)));
      const estimate = whereMoving(size, div(sub(summed, pulled), size), first.distance);
      const shared = { distance: grown(first, estimate), pulled };
      return blocks.map(({ step, state, denominator }) => {
        const target = sub(state.start, div(state.sum, denominator));
        return { weights: pulledTo(target, step), ...state, ...shared };
      });
    },
  ),

  /**
   * The sign of an average that weighs earlier gradients by d·lr and the current gradient by 1, as in the source.
   * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_lion.py
   */
  'dadapt-lion': sharing(
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
  ),
} satisfies ByRow;
