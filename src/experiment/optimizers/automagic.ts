import {
  abs,
  add,
  cast,
  clipByValue,
  div,
  equal,
  fill,
  greater,
  max,
  maximum,
  minimum,
  mul,
  round,
  sub,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { constant, option, blockwise } from './optimizer';
import { averagedSquares, clipByRms, factoredZeros, overRoot } from './math/factored';

/**
 * ai-toolkit's Automagic: Adafactor's update times a rate of each element's own, which climbs by `rateBump` while the
 * sign of the update stays and falls by as much when it turns, between `minRate` and `maxRate`. `lr` is where all start.
 * The rates are kept in 8 bits. Options: `beta2`, `clipThreshold`.
 * @see https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic.py
 */
export const automagic = blockwise(
  (start) => [
    ...factoredZeros(start),
    mul(
      fill(start.weights.shape, 1),
      start.each(({ lr }) => lr),
    ),
    zerosLike(start.weights),
  ],
  (step) => {
    const { weights, gradient, slots, decays, each } = step;
    const [rows = gradient, columns = gradient, rates = gradient, wasPositive = gradient] = slots;
    const moment = averagedSquares({ rows, columns }, gradient, option(step, 'beta2', 0.999), constant(step, 'eps'));
    const update = clipByRms(overRoot(gradient, moment), option(step, 'clipThreshold', 1));
    const isPositive = cast(greater(update, 0), 'float32');
    // +1 if the sign stayed, −1 if it changed.
    const agreement = sub(mul(cast(equal(isPositive, wasPositive), 'float32'), 2), 1);
    const bumped = add(rates, mul(agreement, constant(step, 'rateBump')));
    const rate = minimum(maximum(bumped, constant(step, 'minRate')), constant(step, 'maxRate'));
    const moved = sub(weights, mul(update, rate));
    const decay = each(({ weightDecay }) => weightDecay);
    return {
      weights: decays ? sub(moved, mul(mul(weights, decay), rate)) : moved,
      slots: [moment.rows, moment.columns, inEightBits(rate), isPositive],
    };
  },
);

/** Rounds to 127 steps of each matrix's largest element. */
function inEightBits(values: Tensor): Tensor {
  const step = div(max(max(abs(values), 3, true), 2, true), 127);
  return mul(clipByValue(round(div(values, step)), -127, 127), step);
}
