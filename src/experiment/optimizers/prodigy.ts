import { abs, add, div, maximum, minimum, mul, sqrt, square, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { constant, option, type Optimizer, type Step } from './optimizer';
import { withCoupledDecay, withDecayAt } from './math/decay';
import { firstDistance, scaledRate, total, whereMoving } from './math/shared-distance';

/** The state of a block; all parameters of a variant share the last three numbers. */
interface Memory {
  start: Tensor;
  mean: Tensor;
  spread: Tensor;
  /** Weighted sum of the gradients. */
  pull: Tensor;
  /** The estimate d of the distance to the solution. */
  distance: Tensor;
  /** The largest estimate so far. */
  largest: Tensor;
  /** Progress of the weights along the gradients. */
  progress: Tensor;
}

/**
 * Prodigy: Adam on gradients times an estimate d of the distance to the solution. All parameters share d, and it only
 * grows. Options: `dCoef`, `growthRate` (0 = no limit), `biasCorrection`, `safeguardWarmup`.
 * @see https://github.com/konstmish/prodigy/blob/main/prodigyopt/prodigy.py
 */
function prodigyOf(decay: 'coupled' | 'decoupled'): Optimizer {
  return {
    start(start) {
      const distance = firstDistance(start);
      const zero = (): Tensor => zerosLike(start.weights);
      return [start.weights, zero(), zero(), zero(), distance, distance.clone(), zerosLike(distance)];
    },

    update(steps) {
      const [first] = steps;
      const [beta1, beta2] = first.settings.betas;
      const beta3 = Math.sqrt(beta2);
      const { distance, largest, progress } = memoryOf(first);
      const growth = div(distance, firstDistance(first));

      const blocks = steps.map((step) => {
        const old = memoryOf(step);
        const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
        const rate = scaledRate(step, distance);
        return {
          step,
          rate,
          start: old.start,
          progress: mul(mul(growth, rate), mul(gradient, sub(old.start, step.weights))),
          mean: add(mul(old.mean, beta1), mul(gradient, mul(distance, 1 - beta1))),
          spread: add(mul(old.spread, beta2), mul(square(gradient), mul(square(distance), 1 - beta2))),
          // The safeguard keeps a small rate of a warm-up out of the sum.
          pull: add(
            mul(old.pull, beta3),
            mul(gradient, mul(growth, option(step, 'safeguardWarmup', 0) ? distance : rate)),
          ),
        };
      });

      const size = total(blocks.map(({ pull }) => abs(pull)));
      const come = add(mul(progress, beta3), total(blocks.map((block) => block.progress)));
      const estimate = whereMoving(size, mul(div(come, size), option(first, 'dCoef', 1)), distance);
      const most = maximum(largest, estimate);
      const shared = [guessOf(first, distance, estimate, most), most, whereMoving(size, come, progress)];

      return blocks.map(({ step, rate, start, mean, spread, pull }) => {
        const [guess = distance] = shared;
        const direction = div(mean, add(sqrt(spread), mul(guess, constant(step, 'eps'))));
        const weights = decay === 'decoupled' ? withDecayAt(step, rate) : step.weights;
        return { weights: sub(weights, mul(direction, rate)), slots: [start, mean, spread, pull, ...shared] };
      });
    },
  };
}

export const prodigy = prodigyOf('decoupled');
export const prodigyCoupled = prodigyOf('coupled');

/** The largest estimate, limited by `growthRate`. */
function guessOf(step: Step, distance: Tensor, estimate: Tensor, largest: Tensor): Tensor {
  const most = option(step, 'growthRate', 0);
  if (most === 0) return largest;
  // The first growth of the estimate is unlimited.
  const from = whereMoving(sub(distance, firstDistance(step)), distance, maximum(distance, estimate));
  return minimum(largest, mul(from, most));
}

function memoryOf({ slots, weights }: Step): Memory {
  const [start = weights, mean = weights, spread = weights, pull = weights, ...shared] = slots;
  const [distance = weights, largest = weights, progress = weights] = shared;
  return { start, mean, spread, pull, distance, largest, progress };
}
