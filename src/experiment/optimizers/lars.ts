import { add, mul, sub } from '@tensorflow/tfjs-core';
import { constant, option } from './constants';
import { withCoupledDecay } from './decay';
import { zeros } from './memory';
import { normOf } from './norms';
import { blockwise } from './optimizer';
import { trustRatio } from './trust';

/**
 * LARS: SGD with momentum whose every step is `trust` times as long as the weights; the rate is inside the momentum.
 * @see https://arxiv.org/abs/1708.03888
 */
export const lars = blockwise(zeros(1), (step) => {
  const { weights, gradient, slots, settings, each } = step;
  const [old = gradient] = slots;
  const weightNorm = normOf(weights);
  const gradientNorm = normOf(gradient);
  const decay = each(({ weightDecay }) => weightDecay);
  const size = add(add(gradientNorm, mul(decay, weightNorm)), constant(step, 'eps'));
  const ratio = trustRatio(mul(weightNorm, option(step, 'trust', 1e-3)), size, gradientNorm);
  const rate = mul(
    ratio,
    each(({ lr }) => lr),
  );
  const moved = add(mul(old, settings.momentum), mul(withCoupledDecay(step), rate));
  return { weights: sub(weights, moved), slots: [moved] };
});
