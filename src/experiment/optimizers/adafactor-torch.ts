import { div, maximum, mean, mul, sqrt, sub } from '@tensorflow/tfjs-core';
import { constant, option } from './constants';
import { withDecoupledDecay } from './decay';
import { averagedSquares, clipByRms, factoredZeros, parameterScale } from './factored';
import { blockwise } from './optimizer';

/**
 * torch's own Adafactor: the rate is at most 1/√step and multiplied by the root mean square of the weights; decay goes
 * by `lr` alone. `eps` is a floor twice: of the mean of the squared gradient, and squared of each element's own.
 * Options: `clipThreshold` (torch: d), `decayRate` (beta2_decay).
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adafactor.html
 */
export const adafactorTorch = blockwise(factoredZeros, (step) => {
  const { gradient, slots, number, each } = step;
  const kept = 1 - number ** option(step, 'decayRate', -0.8);
  const [rows = gradient, columns = gradient] = slots;
  const moment = averagedSquares({ rows, columns }, gradient, kept, 0);
  const product = mul(moment.rows, moment.columns);
  const variance = div(product, maximum(mean(moment.rows, 2, true), constant(step, 'eps')));
  const squaredFloor = each(({ constants }) => (constants.eps ?? 0) ** 2);
  const update = clipByRms(
    mul(div(1, sqrt(maximum(variance, squaredFloor))), gradient),
    option(step, 'clipThreshold', 1),
  );
  const rate = mul(
    parameterScale(step),
    each(({ lr }) => Math.min(lr, 1 / Math.sqrt(number))),
  );
  return { weights: sub(withDecoupledDecay(step), mul(update, rate)), slots: [moment.rows, moment.columns] };
});
