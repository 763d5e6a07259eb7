import {
  abs,
  add,
  cast,
  clipByValue,
  div,
  equal,
  exp,
  fill,
  greater,
  max,
  maximum,
  minimum,
  mul,
  round,
  sub,
  type Tensor,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { averagedSquares, clippedByRms, factoredZeros, overRoot } from './factored';
import { blockwise, constant, decayOf, option, rateOf, sharing, type Start, zeros } from './optimizer';
import { ofFirst, total } from './shared-distance';

/**
 * ai-toolkit's Automagic: Adafactor's update times each element's own learning rate, which climbs by `rateBump` while
 * the sign of the update stays and falls by as much when it turns, between `minRate` and `maxRate`. `lr` is where all
 * start. The rates are kept in 8 bits. Options: `beta2`, `clipThreshold`.
 * @see https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic.py
 */
export const automagic = blockwise(
  (start) => ({
    ...factoredZeros(start),
    rates: mul(fill(start.weights.shape, 1), rateOf(start)),
    isPositive: zerosLike(start.weights),
  }),
  (step) => {
    const { weights, gradient, decays } = step;
    const moment = averagedSquares(step, gradient, option(step, 'beta2', 0.999), constant(step, 'eps'));
    const update = clippedByRms(step, overRoot(gradient, moment));
    const isPositive = cast(greater(update, 0), 'float32');
    // +1 if the sign stayed, −1 if it changed.
    const agreement = sub(mul(cast(equal(isPositive, step.isPositive), 'float32'), 2), 1);
    const bumped = add(step.rates, mul(agreement, constant(step, 'rateBump')));
    const rate = minimum(maximum(bumped, constant(step, 'minRate')), constant(step, 'maxRate'));
    const moved = sub(weights, mul(update, rate));
    return {
      weights: decays ? sub(moved, mul(mul(weights, decayOf(step)), rate)) : moved,
      ...moment,
      rates: inEightBits(rate),
      isPositive,
    };
  },
);

/** Rounds to 127 steps of each matrix's largest element. */
function inEightBits(values: Tensor): Tensor {
  const step = div(max(max(abs(values), 3, true), 2, true), 127);
  return mul(clipByValue(round(div(values, step)), -127, 127), step);
}

/** No weight votes. */
const NO_VOTES = 1e-30;

/**
 * ai-toolkit's Automagic3: Adafactor's update times one learning rate, which all parameters share and vote on. An
 * element whose sign has stayed for `polarityHistory` steps votes up, one whose sign has turned at every one of them
 * votes down, each with the size of its update; the rate is multiplied by e to the share of votes. `lr` is where it
 * starts. Options: `beta2`, `clipThreshold`, `polarityHistory`.
 * @see https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic3.py
 */
export const automagic3 = sharing(
  (start) => ({
    ...factoredZeros(start),
    ...zeros('isPositive', 'stays', 'turns')(start),
    rate: bounded(start, ofFirst(rateOf(start))),
  }),
  (steps, first) => {
    const history = option(first, 'polarityHistory', 8);
    const { rate } = first;
    const blocks = steps.map((step) => {
      const { gradient, number } = step;
      const moment = averagedSquares(step, gradient, option(step, 'beta2', 0.999), constant(step, 'eps'));
      const threshold = option(step, 'clipThreshold', 1);
      const update = clipByValue(clippedByRms(step, overRoot(gradient, moment)), -threshold, threshold);
      const isPositive = cast(greater(update, 0), 'float32');
      const stayed = number === 1 ? zerosLike(update) : cast(equal(isPositive, step.isPositive), 'float32');
      const turned = number === 1 ? zerosLike(update) : sub(1, stayed);
      // Number of consecutive steps in which the sign stayed, or changed.
      const stays = mul(add(step.stays, 1), stayed);
      const turns = mul(add(step.turns, 1), turned);
      const vote = sub(atLeast(stays, history - 1), atLeast(turns, history - 1));
      const weight = abs(update);
      return { step, update, weight, vote: mul(weight, vote), state: { ...moment, isPositive, stays, turns } };
    });

    const weight = maximum(total(blocks.map((block) => block.weight)), NO_VOTES);
    const votes = div(total(blocks.map(({ vote }) => vote)), weight);
    const next = first.number < history ? rate : bounded(first, mul(rate, exp(clipByValue(votes, -1, 1))));
    return blocks.map(({ step, update, state }) => {
      const whole = step.decays ? add(update, mul(step.weights, decayOf(step))) : update;
      return { weights: sub(step.weights, mul(whole, rate)), ...state, rate: next };
    });
  },
);

/** 1 where `count` has reached `least`, else 0. */
function atLeast(count: Tensor, least: number): Tensor {
  return cast(greater(count, least - 0.5), 'float32');
}

/** The shared rate between `minRate` and `maxRate`. */
function bounded(start: Pick<Start, 'each'>, rate: Tensor): Tensor {
  return minimum(maximum(rate, ofFirst(constant(start, 'minRate'))), ofFirst(constant(start, 'maxRate')));
}
