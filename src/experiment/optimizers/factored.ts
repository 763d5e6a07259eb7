import { div, maximum, mean, mul, rsqrt, sqrt, square, sub, sum, type Tensor, zerosLike } from '@tensorflow/tfjs-core';
import { averaged, lerp } from './math/averages';
import { withDecayAt, withDecoupledDecay } from './math/decay';
import { averagedSquares, clipByRms, factoredZeros, overRoot, parameterScale } from './math/factored';
import { rmsOf } from './math/norms';
import { relativeStep } from '../training/schedule';
import { blockwise, constant, type Optimizer, option, rateOf, type Step } from './optimizer';

/** Two switches that make four optimizers of one class. */
interface Switches {
  /** Multiply the learning rate by the root mean square of the weights, at least `epsRms`. */
  scaleParameter: boolean;
  /** Compute the learning rate from the step number; `lr` is then a factor on it. */
  relativeStep: boolean;
}

/**
 * Adafactor as transformers has it: a factored second moment, a clip of the update's own root mean square, and decay by
 * the learning rate of the step. Options: `clipThreshold`, `decayRate`, `beta1` (0 = none), `warmupInit`.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/optimization.py (class Adafactor)
 */
function adafactorHf(switches: Switches): Optimizer {
  return blockwise(
    (start) => [...factoredZeros(start), ...(option(start, 'beta1', 0) > 0 ? [zerosLike(start.weights)] : [])],
    (step) => {
      const { gradient, slots, number } = step;
      const [rows = gradient, columns = gradient, oldMean] = slots;
      const kept = 1 - number ** option(step, 'decayRate', -0.8);
      const moment = averagedSquares({ rows, columns }, gradient, kept, constant(step, 'eps'));
      const rate = switchedRate(step, switches);
      const update = mul(clipByRms(overRoot(gradient, moment), option(step, 'clipThreshold', 1)), rate);
      const moved = oldMean && averaged(oldMean, update, option(step, 'beta1', 0));
      return {
        weights: sub(withDecayAt(step, rate), moved ?? update),
        slots: [moment.rows, moment.columns, ...(moved ? [moved] : [])],
      };
    },
  );
}

export const adafactor = adafactorHf({ scaleParameter: false, relativeStep: false });
export const adafactorScale = adafactorHf({ scaleParameter: true, relativeStep: false });
export const adafactorRelative = adafactorHf({ scaleParameter: false, relativeStep: true });
export const adafactorScaleRelative = adafactorHf({ scaleParameter: true, relativeStep: true });

/** The learning rate of this step, [parameters, variants, 1, 1]. */
function switchedRate(step: Step, { scaleParameter, relativeStep: isRelative }: Switches): Tensor {
  const { number, each } = step;
  const own = isRelative ? relativeStep(number, option(step, 'warmupInit', 0) !== 0) : 1;
  const rate = each(({ lr }) => lr * own);
  return scaleParameter ? mul(parameterScale(step), rate) : rate;
}

/**
 * torch's Adafactor. The learning rate is at most 1/√step and is multiplied by the root mean square of the weights;
 * decay uses `lr` alone. `eps` is the floor of the mean squared gradient, and its square the floor of each element's
 * square. At the floor, a rescaled run differs by a factor that the clip removes up to rounding, so the order of
 * operations must be torch's. Options: `clipThreshold` (torch: d), `decayRate` (beta2_decay).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
 */
export const adafactorTorch = blockwise(factoredZeros, (step) => {
  const { gradient, slots, number, each } = step;
  const [oldRows = gradient, oldColumns = gradient] = slots;
  const fresh = number ** option(step, 'decayRate', -0.8);
  const rows = lerp(oldRows, meanSquare(gradient, 3), fresh);
  const columns = lerp(oldColumns, meanSquare(gradient, 2), fresh);
  const variance = div(mul(rows, columns), maximum(mean(rows, 2, true), constant(step, 'eps')));
  const squaredFloor = each(({ constants }) => (constants.eps ?? 0) ** 2);
  const update = mul(rsqrt(maximum(variance, squaredFloor)), gradient);
  const clip = maximum(div(rmsOf(update), option(step, 'clipThreshold', 1)), 1);
  const rate = mul(
    parameterScale(step),
    each(({ lr }) => Math.min(lr, 1 / Math.sqrt(number))),
  );
  return { weights: sub(withDecoupledDecay(step), mul(update, div(rate, clip))), slots: [rows, columns] };
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
  (start) => [...factoredZeros(start), ...factoredZeros(start), zerosLike(start.weights)],
  (step) => {
    const { gradient, slots, settings } = step;
    const [beta1, beta2] = settings.betas;
    const [rows = gradient, columns = gradient, strayRows = gradient, strayColumns = gradient, oldMean = gradient] =
      slots;
    const moment = averagedSquares({ rows, columns }, gradient, beta2, constant(step, 'eps'));
    const update = clipByRms(overRoot(gradient, moment), option(step, 'clipThreshold', 1));
    const average = averaged(oldMean, update, beta1);
    const stray = averagedSquares(
      { rows: strayRows, columns: strayColumns },
      sub(update, average),
      option(step, 'beta3', 0.9999),
      option(step, 'epsInstability', 1e-16),
    );
    const learningRate = rateOf(step);
    return {
      weights: sub(withDecoupledDecay(step), mul(overRoot(average, stray), learningRate)),
      slots: [moment.rows, moment.columns, stray.rows, stray.columns, average],
    };
  },
);
