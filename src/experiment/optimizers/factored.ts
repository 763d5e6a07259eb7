import {
  add,
  div,
  maximum,
  mean as meanOf,
  mul,
  rsqrt,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  zeros as zerosOf,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { relativeStep } from '../training/schedule';
import { rmsOf } from './math/matrices';
import { averaged, blockwise, constant, lerp, option, rateOf, withDecayAt, withDecoupledDecay } from './optimizer';
import type { Optimizer, Start, Step } from './optimizer';

/**
 * The second moment of a matrix, stored as row means [parameters, variants, rows, 1] and column means [parameters,
 * variants, 1, columns] as in Adafactor. Rows and columns are treated alike, so transposed matrices need no special care.
 * @see https://arxiv.org/abs/1804.04235
 */
export type Factored = Record<'rows' | 'columns', Tensor>;

/** The initial state: zeros. */
export function factoredZeros({ weights }: Start): Factored {
  const [parameters = 1, variants = 1, rows = 1, columns = 1] = weights.shape;
  return { rows: zerosOf([parameters, variants, rows, 1]), columns: zerosOf([parameters, variants, 1, columns]) };
}

/** The moving average of the elements' squares plus `eps`. */
export function averagedSquares(before: Factored, elements: Tensor, kept: number, eps: Tensor | number): Factored {
  const squares = add(square(elements), eps);
  return {
    rows: averaged(before.rows, meanOf(squares, 3, true), kept),
    columns: averaged(before.columns, meanOf(squares, 2, true), kept),
  };
}

/** `elements` divided by the root of the factored second moment. */
export function overRoot(elements: Tensor, { rows, columns }: Factored): Tensor {
  const byRow = div(1, sqrt(div(rows, meanOf(rows, 2, true))));
  const byColumn = div(1, sqrt(columns));
  return mul(mul(byRow, byColumn), elements);
}

/** Each matrix scaled down to a root mean square of `clipThreshold` if it is above. */
export function clippedByRms(step: Step, update: Tensor): Tensor {
  return div(update, maximum(div(rmsOf(update), option(step, 'clipThreshold', 1)), 1));
}

/** Root mean square of each weight matrix, at least `epsRms`, [parameters, variants, 1, 1]. */
function parameterScale(step: Step): Tensor {
  return maximum(rmsOf(step.weights), constant(step, 'epsRms'));
}

/** Two switches that make four optimizers of one class. */
interface Switches {
  /** Multiply the learning rate by the root mean square of the weights, at least `epsRms`. */
  scaleParameter: boolean;
  /** Compute the learning rate from the step number; `lr` is then a factor on it. */
  isRelative: boolean;
}

/**
 * Adafactor as transformers has it: a factored second moment, a clip of the update's own root mean square, and decay by
 * the learning rate of the step. Options: `clipThreshold`, `decayRate`, `beta1` (0 = none), `warmupInit`.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/optimization.py (class Adafactor)
 */
function adafactorHf({ scaleParameter, isRelative }: Switches): Optimizer {
  return blockwise(
    (start): Factored & Partial<Record<'mean', Tensor>> => ({
      ...factoredZeros(start),
      ...(option(start, 'beta1', 0) > 0 ? { mean: zerosLike(start.weights) } : {}),
    }),
    (step) => {
      const { gradient, number, each } = step;
      const kept = 1 - number ** option(step, 'decayRate', -0.8);
      const moment = averagedSquares(step, gradient, kept, constant(step, 'eps'));
      const own = isRelative ? relativeStep(number, option(step, 'warmupInit', 0) !== 0) : 1;
      const stated = each(({ lr }) => lr * own);
      const rate = scaleParameter ? mul(parameterScale(step), stated) : stated;
      const update = mul(clippedByRms(step, overRoot(gradient, moment)), rate);
      const mean = step.mean && averaged(step.mean, update, option(step, 'beta1', 0));
      return { weights: sub(withDecayAt(step, rate), mean ?? update), ...moment, ...(mean ? { mean } : {}) };
    },
  );
}

export const adafactor = adafactorHf({ scaleParameter: false, isRelative: false });
export const adafactorScale = adafactorHf({ scaleParameter: true, isRelative: false });
export const adafactorRelative = adafactorHf({ scaleParameter: false, isRelative: true });
export const adafactorScaleRelative = adafactorHf({ scaleParameter: true, isRelative: true });

/**
 * torch's Adafactor. The learning rate is at most 1/√step and is multiplied by the root mean square of the weights;
 * decay uses `lr` alone. `eps` is the floor of the mean squared gradient, and its square the floor of each element's
 * square. At the floor, a rescaled run differs by a factor that the clip removes up to rounding, so the order of
 * operations must be torch's. Options: `clipThreshold` (torch: d), `decayRate` (beta2_decay).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
 */
export const adafactorTorch = blockwise(factoredZeros, (step) => {
  const { gradient, number, each } = step;
  const fresh = number ** option(step, 'decayRate', -0.8);
  const rows = lerp(step.rows, meanSquare(gradient, 3), fresh);
  const columns = lerp(step.columns, meanSquare(gradient, 2), fresh);
  const variance = div(mul(rows, columns), maximum(meanOf(rows, 2, true), constant(step, 'eps')));
  const squaredFloor = each(({ constants }) => (constants.eps ?? 0) ** 2);
  const update = mul(rsqrt(maximum(variance, squaredFloor)), gradient);
  const clip = maximum(div(rmsOf(update), option(step, 'clipThreshold', 1)), 1);
  const stated = each(({ lr }) => Math.min(lr, 1 / Math.sqrt(number)));
  const rate = div(mul(parameterScale(step), stated), clip);
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), rows, columns };
});

/** Mean square along an axis, computed from the norm as in torch. */
function meanSquare(values: Tensor, axis: 2 | 3): Tensor {
  return div(square(sqrt(sum(square(values), axis, true))), values.shape[axis] ?? 1);
}

/**
 * CAME: the average of Adafactor's update, divided by the root mean square of its deviation from that average, which is
 * factored too. Options: `beta3`, `clipThreshold`, `epsInstability` (added to the squared deviation, without a unit).
 * @see https://github.com/yangluo7/CAME/blob/master/came_pytorch/CAME.py
 */
export const came = blockwise(
  (start) => {
    const { rows: strayRows, columns: strayColumns } = factoredZeros(start);
    return { ...factoredZeros(start), strayRows, strayColumns, mean: zerosLike(start.weights) };
  },
  (step) => {
    const { gradient, beta1, beta2, strayRows, strayColumns } = step;
    const moment = averagedSquares(step, gradient, beta2, constant(step, 'eps'));
    const update = clippedByRms(step, overRoot(gradient, moment));
    const mean = averaged(step.mean, update, beta1);
    const [beta3, eps] = [option(step, 'beta3', 0.9999), option(step, 'epsInstability', 1e-16)];
    const stray = averagedSquares({ rows: strayRows, columns: strayColumns }, sub(update, mean), beta3, eps);
    const weights = sub(withDecoupledDecay(step), mul(overRoot(mean, stray), rateOf(step)));
    return { weights, ...moment, strayRows: stray.rows, strayColumns: stray.columns, mean };
  },
);
