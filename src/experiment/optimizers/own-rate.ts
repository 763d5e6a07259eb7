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
import { averagedSquares, clipByRms, factoredZeros, overRoot } from './math/factored';
import { ofFirst, total } from './math/shared-distance';
import { blockwise, constant, decayOf, type Optimizer, option, rateOf, type Start } from './optimizer';

/**
 * ai-toolkit's Automagic: Adafactor's update times each element's own learning rate, which climbs by `rateBump` while
 * the sign of the update stays and falls by as much when it turns, between `minRate` and `maxRate`. `lr` is where all
 * start. The rates are kept in 8 bits. Options: `beta2`, `clipThreshold`.
 * @see https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic.py
 */
export const automagic = blockwise(
  (start) => [...factoredZeros(start), mul(fill(start.weights.shape, 1), rateOf(start)), zerosLike(start.weights)],
  (step) => {
    const { weights, gradient, slots, decays } = step;
    const [rows = gradient, columns = gradient, rates = gradient, wasPositive = gradient] = slots;
    const moment = averagedSquares({ rows, columns }, gradient, option(step, 'beta2', 0.999), constant(step, 'eps'));
    const update = clipByRms(overRoot(gradient, moment), option(step, 'clipThreshold', 1));
    const isPositive = cast(greater(update, 0), 'float32');
    // +1 if the sign stayed, −1 if it changed.
    const agreement = sub(mul(cast(equal(isPositive, wasPositive), 'float32'), 2), 1);
    const bumped = add(rates, mul(agreement, constant(step, 'rateBump')));
    const rate = minimum(maximum(bumped, constant(step, 'minRate')), constant(step, 'maxRate'));
    const moved = sub(weights, mul(update, rate));
    return {
      weights: decays ? sub(moved, mul(mul(weights, decayOf(step)), rate)) : moved,
      slots: [moment.rows, moment.columns, inEightBits(rate), isPositive],
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
export const automagic3: Optimizer = {
  start(start) {
    const zero = (): Tensor => zerosLike(start.weights);
    return [...factoredZeros(start), zero(), zero(), zero(), bounded(start, ofFirst(rateOf(start)))];
  },

  update(steps) {
    const [first] = steps;
    const history = option(first, 'polarityHistory', 8);
    const rate = first.slots.at(-1) ?? first.weights;

    const blocks = steps.map((step) => {
      const { gradient, slots, number } = step;
      const [rows = gradient, columns = gradient, wasPositive = gradient, stays = gradient, turns = gradient] = slots;
      const moment = averagedSquares({ rows, columns }, gradient, option(step, 'beta2', 0.999), constant(step, 'eps'));
      const threshold = option(step, 'clipThreshold', 1);
      const update = clipByValue(clipByRms(overRoot(gradient, moment), threshold), -threshold, threshold);
      const isPositive = cast(greater(update, 0), 'float32');
      const stayed = number === 1 ? zerosLike(update) : cast(equal(isPositive, wasPositive), 'float32');
      const turned = number === 1 ? zerosLike(update) : sub(1, stayed);
      // Number of consecutive steps in which the sign stayed, or changed.
      const nextStays = mul(add(stays, 1), stayed);
      const nextTurns = mul(add(turns, 1), turned);
      const vote = sub(atLeast(nextStays, history - 1), atLeast(nextTurns, history - 1));
      const weight = abs(update);
      return {
        step,
        update,
        weight,
        vote: mul(weight, vote),
        slots: [moment.rows, moment.columns, isPositive, nextStays, nextTurns],
      };
    });

    const votes = div(
      total(blocks.map(({ vote }) => vote)),
      maximum(total(blocks.map(({ weight }) => weight)), NO_VOTES),
    );
    const next = first.number < history ? rate : bounded(first, mul(rate, exp(clipByValue(votes, -1, 1))));
    return blocks.map(({ step, update, slots }) => {
      const { weights, decays } = step;
      const whole = decays ? add(update, mul(weights, decayOf(step))) : update;
      return { weights: sub(weights, mul(whole, rate)), slots: [...slots, next] };
    });
  },
};

/** 1 where `count` has reached `least`, else 0. */
function atLeast(count: Tensor, least: number): Tensor {
  return cast(greater(count, least - 0.5), 'float32');
}

/** The shared rate between `minRate` and `maxRate`. */
function bounded(start: Pick<Start, 'each'>, rate: Tensor): Tensor {
  return minimum(maximum(rate, ofFirst(constant(start, 'minRate'))), ofFirst(constant(start, 'maxRate')));
}
