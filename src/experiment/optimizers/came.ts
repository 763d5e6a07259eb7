import { mul, sub, zerosLike } from '@tensorflow/tfjs-core';
import { averaged } from './math/averages';
import { constant, option, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';
import { averagedSquares, clipByRms, factoredZeros, overRoot } from './math/factored';

/**
 * CAME: Adafactor's update averaged, then divided by how much it strays from its average, kept by row and column too.
 * Options: `beta3`, `clipThreshold`, `epsInstability` (added to the squared stray, which has no unit).
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
