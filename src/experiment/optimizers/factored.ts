import * as tf from '@tensorflow/tfjs-core';
import { relativeStep } from '../training/schedule';
import { ofFirst, rmsOf, total } from './math/matrices';
import { blockwise, constant, decayOf, option, rateOf, sharing, zeros } from './optimizer';
import type { ByRow, Optimizer, Start, Step } from './optimizer';
import { averaged, lerp, moved, shrunkAndMoved, withDecayAt } from './terms';

/**
 * The second moment of a matrix: row means [parameters, variants, rows, 1] and column means [parameters, variants, 1,
 * columns]. Both are treated alike, so transposed matrices need no special care.
 * @see https://arxiv.org/abs/1804.04235
 */
type Factored = Record<'rows' | 'columns', tf.Tensor>;

function factoredZeros({ weights }: Start): Factored {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = weights.shape;
  return { rows: tf.zeros([parameters, variants, rows, 1]), columns: tf.zeros([parameters, variants, 1, columns]) };
}

/** The moving average of the elements' squares plus `eps`. */
function averagedSquares(before: Factored, elements: tf.Tensor, kept: number, eps: tf.Tensor | number): Factored {
  const squares = tf.add(tf.square(elements), eps);
  return {
    rows: averaged(before.rows, tf.mean(squares, 3, true), kept),
    columns: averaged(before.columns, tf.mean(squares, 2, true), kept),
  };
}

/** `elements` divided by the root of the factored second moment. */
function overRoot(elements: tf.Tensor, { rows, columns }: Factored): tf.Tensor {
  const byRow = tf.div(1, tf.sqrt(tf.div(rows, tf.mean(rows, 2, true))));
  const byColumn = tf.div(1, tf.sqrt(columns));
  return tf.mul(tf.mul(byRow, byColumn), elements);
}

/** What each matrix is divided by to have a root mean square of at most `clipThreshold`. */
function clipOf(step: Step, update: tf.Tensor): tf.Tensor {
  return tf.maximum(tf.div(rmsOf(update), option(step, 'clipThreshold', 1)), 1);
}

/** The moment after this step, and the gradient over its root, clipped. */
function normalised(step: Step & Factored, kept: number): { moment: Factored; update: tf.Tensor } {
  const moment = averagedSquares(step, step.gradient, kept, constant(step, 'eps'));
  const update = overRoot(step.gradient, moment);
  return { moment, update: tf.div(update, clipOf(step, update)) };
}

/** Root mean square of each weight matrix, at least `epsRms`, [parameters, variants, 1, 1]. */
function parameterScale(step: Step): tf.Tensor {
  return tf.maximum(rmsOf(step.weights), constant(step, 'epsRms'));
}

/**
 * Adafactor as transformers has it. Options: `clipThreshold`, `decayRate`, `beta1` (0 = none), `warmupInit`.
 * @param scales multiply the rate by the root mean square of the weights, at least `epsRms`
 * @param isRelative compute the rate from the step number; `lr` is then a factor on it
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/optimization.py (class Adafactor)
 */
function adafactor(scales: boolean, isRelative: boolean): Optimizer {
  return blockwise(
    (start): Factored & Partial<Record<'mean', tf.Tensor>> => ({
      ...factoredZeros(start),
      ...(option(start, 'beta1', 0) > 0 ? { mean: tf.zerosLike(start.weights) } : {}),
    }),
    (step) => {
      const { number } = step;
      const direction = normalised(step, 1 - number ** option(step, 'decayRate', -0.8));
      const own = isRelative ? relativeStep(number, option(step, 'warmupInit', 0) !== 0) : 1;
      const stated = rateOf(step, own);
      const rate = scales ? tf.mul(parameterScale(step), stated) : stated;
      const update = tf.mul(direction.update, rate);
      const mean = step.mean && averaged(step.mean, update, option(step, 'beta1', 0));
      const weights = tf.sub(withDecayAt(step, rate), mean ?? update);
      return { weights, ...direction.moment, ...(mean ? { mean } : {}) };
    },
  );
}

/** Mean square along an axis, computed from the norm as in torch. */
function meanSquare(values: tf.Tensor, axis: 2 | 3): tf.Tensor {
  return tf.div(tf.square(tf.sqrt(tf.sum(tf.square(values), axis, true))), values.shape[axis] ?? 1);
}

const isPositive = (update: tf.Tensor): tf.Tensor => tf.cast(tf.greater(update, 0), 'float32');

/** Rounds to 127 steps of each matrix's largest element. */
function inEightBits(values: tf.Tensor): tf.Tensor {
  const step = tf.div(tf.max(tf.max(tf.abs(values), 3, true), 2, true), 127);
  return tf.mul(tf.clipByValue(tf.round(tf.div(values, step)), -127, 127), step);
}

/** No weight votes. */
const NO_VOTES = 1e-30;

function atLeast(count: tf.Tensor, least: number): tf.Tensor {
  return tf.cast(tf.greater(count, least - 0.5), 'float32');
}

function bounded(start: Pick<Start, 'each'>, rate: tf.Tensor): tf.Tensor {
  return tf.minimum(tf.maximum(rate, ofFirst(constant(start, 'minRate'))), ofFirst(constant(start, 'maxRate')));
}

export const FACTORED = {
  'adafactor-hf': adafactor(false, false),
  'adafactor-hf-scale': adafactor(true, false),
  'adafactor-hf-relative': adafactor(false, true),
  'adafactor-hf-scale-relative': adafactor(true, true),
  adalomo: adafactor(true, false),

  /**
   * torch's Adafactor. Decay uses `lr` alone. `eps` is the floor of the mean squared gradient, and its square that of
   * each element's square. At the floor, a rescaled run differs by a factor that the clip removes up to rounding, so
   * the order of operations must be torch's. Options: `clipThreshold` (torch: d), `decayRate` (beta2_decay).
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
   */
  'adafactor-torch': blockwise(factoredZeros, (step) => {
    const { gradient, number, each } = step;
    const fresh = number ** option(step, 'decayRate', -0.8);
    const rows = lerp(step.rows, meanSquare(gradient, 3), fresh);
    const columns = lerp(step.columns, meanSquare(gradient, 2), fresh);
    const variance = tf.div(tf.mul(rows, columns), tf.maximum(tf.mean(rows, 2, true), constant(step, 'eps')));
    const squaredFloor = each(({ constants }) => (constants.eps ?? 0) ** 2);
    const update = tf.mul(tf.rsqrt(tf.maximum(variance, squaredFloor)), gradient);
    const clip = clipOf(step, update);
    const stated = each(({ lr }) => Math.min(lr, 1 / Math.sqrt(number)));
    const rate = tf.div(tf.mul(parameterScale(step), stated), clip);
    return { weights: shrunkAndMoved(step, update, rate), rows, columns };
  }),

  /**
   * CAME: the average of Adafactor's update over the root mean square of its deviation from that average, factored too.
   * Options: `beta3`, `clipThreshold`, `epsInstability` (without a unit).
   * @see https://github.com/yangluo7/CAME/blob/master/came_pytorch/CAME.py
   */
  came: blockwise(
    (start) => {
      const { rows: strayRows, columns: strayColumns } = factoredZeros(start);
      return { ...factoredZeros(start), strayRows, strayColumns, mean: tf.zerosLike(start.weights) };
    },
    (step) => {
      const { moment, update } = normalised(step, step.beta2);
      const mean = averaged(step.mean, update, step.beta1);
      const [beta3, eps] = [option(step, 'beta3', 0.9999), option(step, 'epsInstability', 1e-16)];
      const before = { rows: step.strayRows, columns: step.strayColumns };
      const stray = averagedSquares(before, tf.sub(update, mean), beta3, eps);
      const weights = shrunkAndMoved(step, overRoot(mean, stray));
      return { weights, ...moment, strayRows: stray.rows, strayColumns: stray.columns, mean };
    },
  ),

  /**
   * ai-toolkit's Automagic: Adafactor's update times each element's own rate, which climbs by `rateBump` while the sign
   * of the update stays and falls by as much when it turns. The rates start from `lr` and are kept in 8 bits. Options:
   * `beta2`, `clipThreshold`.
   * @see https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic.py
   */
  automagic: blockwise(
    (start) => ({
      ...factoredZeros(start),
      rates: tf.mul(tf.fill(start.weights.shape, 1), rateOf(start)),
      isPositive: tf.zerosLike(start.weights),
    }),
    (step) => {
      const { moment, update } = normalised(step, option(step, 'beta2', 0.999));
      const sign = isPositive(update);
      // +1 if the sign stayed, −1 if it changed.
      const agreement = tf.sub(tf.mul(tf.cast(tf.equal(sign, step.isPositive), 'float32'), 2), 1);
      const bumped = tf.add(step.rates, tf.mul(agreement, constant(step, 'rateBump')));
      const rate = tf.minimum(tf.maximum(bumped, constant(step, 'minRate')), constant(step, 'maxRate'));
      const stepped = moved(step.weights, update, rate);
      const weights = step.decays ? tf.sub(stepped, tf.mul(tf.mul(step.weights, decayOf(step)), rate)) : stepped;
      return { weights, ...moment, rates: inEightBits(rate), isPositive: sign };
    },
  ),

  /**
   * ai-toolkit's Automagic3: Adafactor's update times one rate, which starts from `lr` and on which all parameters
   * vote. An element whose sign has stayed for `polarityHistory` steps votes up, one whose sign has turned at each of
   * them down, with the size of its update; the rate is multiplied by e to the share of votes. Options: `beta2`,
   * `clipThreshold`, `polarityHistory`.
   * @see https://github.com/ostris/ai-toolkit/blob/main/toolkit/optimizers/automagic3.py
   */
  automagic3: sharing(
    (start) => ({
      ...factoredZeros(start),
      ...zeros('isPositive', 'stays', 'turns')(start),
      rate: bounded(start, ofFirst(rateOf(start))),
    }),
    (steps, first) => {
      const history = option(first, 'polarityHistory', 8);
      const { rate } = first;
      const blocks = steps.map((step) => {
        const { moment, update: clipped } = normalised(step, option(step, 'beta2', 0.999));
        const threshold = option(step, 'clipThreshold', 1);
        const update = tf.clipByValue(clipped, -threshold, threshold);
        const sign = isPositive(update);
        const isFirst = step.number === 1;
        const stayed = isFirst ? tf.zerosLike(update) : tf.cast(tf.equal(sign, step.isPositive), 'float32');
        const turned = isFirst ? tf.zerosLike(update) : tf.sub(1, stayed);
        // Number of consecutive steps in which the sign stayed, or changed.
        const stays = tf.mul(tf.add(step.stays, 1), stayed);
        const turns = tf.mul(tf.add(step.turns, 1), turned);
        const vote = tf.sub(atLeast(stays, history - 1), atLeast(turns, history - 1));
        const weight = tf.abs(update);
        const state = { ...moment, isPositive: sign, stays, turns };
        return { step, update, weight, vote: tf.mul(weight, vote), state };
      });

      const weight = tf.maximum(total(blocks.map((block) => block.weight)), NO_VOTES);
      const votes = tf.div(total(blocks.map(({ vote }) => vote)), weight);
      const next = first.number < history ? rate : bounded(first, tf.mul(rate, tf.exp(tf.clipByValue(votes, -1, 1))));
      return blocks.map(({ step, update, state }) => {
        const whole = step.decays ? tf.add(update, tf.mul(step.weights, decayOf(step))) : update;
        return { weights: moved(step.weights, whole, rate), ...state, rate: next };
      });
    },
  ),
} satisfies ByRow;
