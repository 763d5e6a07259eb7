import { div, maximum, mean, mul, rsqrt, sqrt, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { lerp } from './math/averages';
import { constant, option, blockwise } from './optimizer';
import { withDecoupledDecay } from './math/decay';
import { factoredZeros, parameterScale } from './math/factored';
import { rmsOf } from './math/norms';

/**
 * torch's Adafactor. The rate is at most 1/√step and is multiplied by the root mean square of the weights; decay uses
 * `lr` alone. `eps` is the floor of the mean squared gradient, and its square the floor of each element's square. At
 * the floor, a rescaled run differs by a factor that the clip removes up to rounding, so the order of operations must
 * be torch's. Options: `clipThreshold` (torch: d), `decayRate` (beta2_decay).
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
