import {
  abs,
  add,
  div,
  greater,
  maximum,
  minimum,
  mul,
  slice,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { sumOf } from './math/matrices';
import { biasCorrection, constant, option, rateOf, sharing, withCoupledDecay, withDecayAt, zeros } from './optimizer';
import type { Optimizer, Start, Step } from './optimizer';

/*
 * Numbers that all parameters of a variant share in Prodigy and D-Adaptation, [1, variants, 1, 1] each. Every block
 * holds a copy.
 */

/** Sum over all parameters of a variant, from one tensor per block. */
export function total(blocks: readonly Tensor[]): Tensor {
  return blocks.map((block) => sum(sumOf(block), 0, true)).reduce((sofar, part) => add(sofar, part));
}

/** The first parameter's number, out of [parameters, variants, 1, 1]: the first group decides shared numbers. */
export function ofFirst(perParameter: Tensor): Tensor {
  return slice(perParameter, [0, 0, 0, 0], [1, perParameter.shape[1] ?? 1, 1, 1]);
}

/** The initial guess of the distance. */
export function firstDistance(start: Pick<Start, 'each'>): Tensor {
  return ofFirst(constant(start, 'd0'));
}

/** `next` in variants with `amount` above 0, `old` in the others: without a gradient, nothing changes. */
export function whereMoving(amount: Tensor, next: Tensor, old: Tensor): Tensor {
  return where(greater(amount, 0), next, old);
}

/** distance · lr · Adam's bias correction where `biasCorrection` is set, [parameters, variants, 1, 1]. */
export function scaledRate(step: Step, distance: Tensor): Tensor {
  return mul(distance, rateOf(step, option(step, 'biasCorrection', 0) ? biasCorrection(step) : 1));
}

/**
 * Prodigy: Adam on gradients times an estimate d of the distance to the solution. All parameters share d, the largest
 * estimate and the progress of the weights along the gradients; d only grows. `pull` is a weighted sum of gradients.
 * Options: `dCoef`, `growthRate` (0 = no limit), `biasCorrection`, `safeguardWarmup`.
 * @see https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py
 */
function prodigyOf(decay: 'coupled' | 'decoupled'): Optimizer {
  return sharing(
    (start) => {
      const distance = firstDistance(start);
      const shared = { distance, largest: distance.clone(), progress: zerosLike(distance) };
      return { start: start.weights, ...zeros('mean', 'spread', 'pull')(start), ...shared };
    },
    (steps, first) => {
      const { beta1, beta2, distance } = first;
      const beta3 = Math.sqrt(beta2);
      const growth = div(distance, firstDistance(first));
      const blocks = steps.map((step) => {
        const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
        const rate = scaledRate(step, distance);
        const mean = add(mul(step.mean, beta1), mul(gradient, mul(distance, 1 - beta1)));
        const spread = add(mul(step.spread, beta2), mul(square(gradient), mul(square(distance), 1 - beta2)));
        const progress = mul(mul(growth, rate), mul(gradient, sub(step.start, step.weights)));
        // The safeguard keeps a small rate of a warm-up out of the sum.
        const along = option(step, 'safeguardWarmup', 0) ? distance : rate;
        const pull = add(mul(step.pull, beta3), mul(gradient, mul(growth, along)));
        return { step, rate, progress, state: { start: step.start, mean, spread, pull } };
      });

      const size = total(blocks.map(({ state }) => abs(state.pull)));
      const come = add(mul(first.progress, beta3), total(blocks.map(({ progress }) => progress)));
      const estimate = whereMoving(size, mul(div(come, size), option(first, 'dCoef', 1)), distance);
      const largest = maximum(first.largest, estimate);
      const next = limited(first, distance, estimate, largest);
      const shared = { distance: next, largest, progress: whereMoving(size, come, first.progress) };
      return blocks.map(({ step, rate, state }) => {
        const direction = div(state.mean, add(sqrt(state.spread), mul(next, constant(step, 'eps'))));
        const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
        return { weights: sub(weights, mul(direction, rate)), ...state, ...shared };
      });
    },
  );
}

export const prodigy = prodigyOf('decoupled');
export const prodigyCoupled = prodigyOf('coupled');

/** The largest estimate, limited by `growthRate`. */
function limited(step: Step, distance: Tensor, estimate: Tensor, largest: Tensor): Tensor {
  const most = option(step, 'growthRate', 0);
  if (most === 0) return largest;
  // The first growth of the estimate is unlimited.
  const from = whereMoving(sub(distance, firstDistance(step)), distance, maximum(distance, estimate));
  return minimum(largest, mul(from, most));
}
