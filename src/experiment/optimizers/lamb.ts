import { add, div, minimum, mul, sqrt, sub } from '@tensorflow/tfjs-core';
import { averaged, averagedSquare } from './averages';
import { constant } from './constants';
import { zeros } from './memory';
import { normOf } from './norms';
import { blockwise } from './optimizer';
import { trustRatio } from './trust';

/**
 * LAMB: Adam's step, decay included, as long as the weights are (at most `trustCap`).
 * @see https://arxiv.org/abs/1904.00962
 */
export const lamb = blockwise(zeros(2), (step) => {
  const { weights, gradient, slots, settings, number, each, decays } = step;
  const [beta1, beta2] = settings.betas;
  const [oldMean = gradient, oldSpread = gradient] = slots;
  const mean = averaged(oldMean, gradient, beta1);
  const spread = averagedSquare(oldSpread, gradient, beta2);
  const adam = div(div(mean, 1 - beta1 ** number), add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps')));
  const decay = each(({ weightDecay }) => weightDecay);
  const update = decays ? add(adam, mul(weights, decay)) : adam;
  const ratio = trustRatio(minimum(normOf(weights), constant(step, 'trustCap')), normOf(update));
  const rate = mul(
    ratio,
    each(({ lr }) => lr),
  );
  return { weights: sub(weights, mul(update, rate)), slots: [mean, spread] };
});
