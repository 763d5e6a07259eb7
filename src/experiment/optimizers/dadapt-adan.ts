import { abs, add, div, mul, sqrt, square, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './math/averages';
import { constant, decayOf, type Optimizer, option, type Step } from './optimizer';
import { firstDistance, grown, scaledRate, total, whereMoving } from './math/shared-distance';

/**
 * D-Adaptation's Adan. All parameters share the estimate d of the distance; `squares` is the estimate of the class
 * DAdaptAdan, `inner-product` that of DAdaptAdanIP. Options: `beta3`, `growthRate` (0 = no limit), `noProx`.
 * @see https://github.com/facebookresearch/dadaptation/blob/main/dadaptation/dadapt_adan.py
 */
function dadaptAdanOf(estimateBy: 'squares' | 'inner-product'): Optimizer {
  return {
    start(start) {
      const distance = firstDistance(start);
      const zero = (): Tensor => zerosLike(start.weights);
      return [zero(), zero(), zero(), zero(), zero(), distance, zerosLike(distance)];
    },

    update(steps) {
      const [first] = steps;
      const kept = option(first, 'beta3', 0.99);
      const [, , , , , distance = first.weights, remembered = first.weights] = first.slots;
      const blocks = steps.map((step) => blockOf(step, distance, kept));

      const size = total(blocks.map(({ sum }) => abs(sum)));
      const bySquares = estimateBy === 'squares';
      const amount = total(blocks.map(({ pullSquare, gain }) => (bySquares ? pullSquare : gain)));
      const average = averaged(remembered, amount, kept);
      const numerator = bySquares
        ? sub(div(total(blocks.map(({ sumSquare }) => sumSquare)), 1 - kept), average)
        : mul(average, (2 * kept) / (1 - kept));
      const estimate = whereMoving(size, div(numerator, size), distance);
      const shared = [grown(first, distance, estimate), whereMoving(size, average, remembered)];

      return blocks.map(({ step, rate, update, slots }) => ({
        weights: stepped(step, rate, update),
        slots: [...slots, ...shared],
      }));
    },
  };
}

export const dadaptAdan = dadaptAdanOf('squares');
export const dadaptAdanIp = dadaptAdanOf('inner-product');

interface AdanBlock {
  step: Step;
  rate: Tensor;
  update: Tensor;
  /** Weighted sum of the gradients. */
  sum: Tensor;
  pullSquare: Tensor;
  sumSquare: Tensor;
  gain: Tensor;
  slots: readonly Tensor[];
}

function blockOf(step: Step, distance: Tensor, kept: number): AdanBlock {
  const { gradient, slots, settings, number } = step;
  const [beta1, beta2] = settings.betas;
  const [mean = gradient, change = gradient, spread = gradient, sum = gradient, before = gradient] = slots;
  const rate = scaledRate(step, distance);
  const eps = constant(step, 'eps');
  const difference = sub(gradient, number > 1 ? before : gradient);
  const pull = mul(gradient, rate);
  const nextMean = averaged(mean, pull, beta1);
  const nextChange = averaged(change, mul(difference, rate), beta2);
  const nextSpread = averagedSquare(spread, add(gradient, mul(difference, beta2)), kept);
  const nextSum = averaged(sum, pull, kept);
  const denominator = add(sqrt(nextSpread), eps);
  return {
    step,
    rate,
    update: div(add(nextMean, mul(nextChange, beta2)), denominator),
    sum: nextSum,
    pullSquare: div(square(pull), denominator),
    sumSquare: div(square(nextSum), denominator),
    // Uses the sum and the denominator of the step before.
    gain: mul(pull, div(sum, add(sqrt(spread), eps))),
    slots: [nextMean, nextChange, nextSpread, nextSum, gradient],
  };
}

/** The weights after update and decay; by default, decay divides them afterwards (a proximal step). */
function stepped(step: Step, rate: Tensor, update: Tensor): Tensor {
  const { weights, decays } = step;
  if (!decays) return sub(weights, update);
  const shrink = mul(rate, decayOf(step));
  if (option(step, 'noProx', 0)) return sub(mul(weights, sub(1, shrink)), update);
  return div(sub(weights, update), add(shrink, 1));
}
