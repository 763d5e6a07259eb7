import { mul, sub, zerosLike } from '@tensorflow/tfjs-core';
import { averaged } from './math/averages';
import { constant, option, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';
import { averagedSquares, clipByRms, factoredZeros, overRoot } from './math/factored';

/**
 * CAME: the average of Adafactor's update, divided by the root mean square of its deviation from that average, which is
 * factored too. Options: `beta3`, `clipThreshold`, `epsInstability` (added to the squared deviation, without a unit).
 * @see https://github.com/yangluo7/CAME/blob/master/came_pytorch/CAME.py
 */
export const came = blockwise(
  (start) => [...factoredZeros(start), ...factoredZeros(start), zerosLike(start.weights)],
  (step) => {
    const { gradient, slots, settings, each } = step;
    const [beta1, beta2] = settings.betas;
    const [rows = gradient, columns = gradient, strayRows = gradient, strayColumns = gradient, oldMean = gradient] =
      slots;
    const moment = averagedSquares({ rows, columns }, gradient, beta2, constant(step, 'eps'));
    const update = clipByRms(overRoot(gradient, moment), option(step, 'clipThreshold', 1));
    const mean = averaged(oldMean, update, beta1);
    const stray = averagedSquares(
      { rows: strayRows, columns: strayColumns },
      sub(update, mean),
      option(step, 'beta3', 0.9999),
      option(step, 'epsInstability', 1e-16),
    );
    const learningRate = each(({ lr }) => lr);
    return {
      weights: sub(withDecoupledDecay(step), mul(overRoot(mean, stray), learningRate)),
      slots: [moment.rows, moment.columns, stray.rows, stray.columns, mean],
    };
  },
);
