import { mul, sub, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averaged } from './math/averages';
import { constant, option, blockwise, type Optimizer, type Step } from './optimizer';
import { withDecayAt } from './math/decay';
import { averagedSquares, clipByRms, factoredZeros, overRoot, parameterScale } from './math/factored';
import { relativeStep } from './math/relative-step';

/** Two switches that make four optimizers of one class. */
interface Switches {
  /** Multiply the rate by the root mean square of the weights, at least `epsRms`. */
  scaleParameter: boolean;
  /** Compute the rate from the step number; `lr` is then a factor on it. */
  relativeStep: boolean;
}

/**
 * Adafactor as transformers has it: a factored second moment, a clip of the update's own root mean square, and decay by
 * the rate of the step. Options: `clipThreshold`, `decayRate`, `beta1` (0 = none), `warmupInit`.
 * @see https://github.com/huggingface/transformers/blob/main/src/transformers/optimization.py (class Adafactor)
 */
function adafactorHf(switches: Switches): Optimizer {
  return blockwise(
    (start) => [...factoredZeros(start), ...(option(start, 'beta1', 0) > 0 ? [zerosLike(start.weights)] : [])],
    (step) => {
      const { gradient, slots, number } = step;
      const [rows = gradient, columns = gradient, mean] = slots;
      const kept = 1 - number ** option(step, 'decayRate', -0.8);
      const moment = averagedSquares({ rows, columns }, gradient, kept, constant(step, 'eps'));
      const rate = rateOf(step, switches);
      const update = mul(clipByRms(overRoot(gradient, moment), option(step, 'clipThreshold', 1)), rate);
      const moved = mean && averaged(mean, update, option(step, 'beta1', 0));
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

/** The rate of this step, [parameters, variants, 1, 1]. */
function rateOf(step: Step, { scaleParameter, relativeStep: isRelative }: Switches): Tensor {
  const { number, each } = step;
  const own = isRelative ? relativeStep(number, option(step, 'warmupInit', 0) !== 0) : 1;
  const rate = each(({ lr }) => lr * own);
  return scaleParameter ? mul(parameterScale(step), rate) : rate;
}
