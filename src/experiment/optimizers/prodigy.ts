import { abs, add, div, maximum, minimum, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import { firstDistance, scaledRate, sharedNumbers, whereMoving } from './distance';
import { total } from './math/matrices';
import { constant, option, sharing, zeros } from './optimizer';
import type { ByRow, Optimizer, Step } from './optimizer';
import { moved, withCoupledDecay, withDecayAt } from './terms';

/**
 * Prodigy: Adam on gradients times d. `pull` is a weighted sum of gradients, `progress` that of the weights along them.
 * Further options: `dCoef`, `safeguardWarmup`.
 * @see https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py
 */
function prodigyOf(decay: 'coupled' | 'decoupled'): Optimizer {
  return sharing(
    (start) => {
      const { distance, progress } = sharedNumbers(start, 'progress');
      const shared = { distance, largest: distance.clone(), progress };
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
        return { weights: moved(weights, direction, rate), ...state, ...shared };
      });
    },
  );
}

/** The first growth of the estimate is unlimited. */
function limited(step: Step, distance: Tensor, estimate: Tensor, largest: Tensor): Tensor {
  const most = option(step, 'growthRate', 0);
  if (most === 0) return largest;
  const from = whereMoving(sub(distance, firstDistance(step)), distance, maximum(distance, estimate));
  return minimum(largest, mul(from, most));
}

export const PRODIGY = { prodigy: prodigyOf('decoupled'), 'prodigy-coupled': prodigyOf('coupled') } satisfies ByRow;
