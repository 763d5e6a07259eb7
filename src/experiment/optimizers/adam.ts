import { add, div, maximum, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { ADAM_UPDATE, fused } from '../tensors/fused';
import { averagedSquare, lerp } from './math/averages';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';
import { blockwise, constant, type Optimizer, option, type Step, type Updated, zeros } from './optimizer';

/** Adam's memory: mean, mean of squares, and for AMSGrad the largest mean of squares so far. */
const adamMemory: Optimizer['start'] = (start) => zeros(option(start, 'amsgrad', 0) ? 3 : 2)(start);

/**
 * Adam, with decay added to the gradient; AMSGrad where the option `amsgrad` is 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export const adam = blockwise(adamMemory, (step) => adamStep(step, step.weights, withCoupledDecay(step)));

/** Adam's step from `weights` along `gradient`; what AdamW does after its decay. */
function adamStep(step: Step, weights: Tensor, gradient: Tensor): Updated {
  const { slots, settings, number, each } = step;
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient, most] = slots;
  const correction1 = 1 - beta1 ** number;
  const correction2 = Math.sqrt(1 - beta2 ** number);
  const stepSize = each(({ lr }) => lr / correction1);
  const eps = constant(step, 'eps');
  if (!most) {
    const inputs = { weights, gradient, mean: first, spread: second, rate: stepSize, eps };
    const [moved, ...averages] = fused(ADAM_UPDATE, inputs, { beta1, beta2, correction2 }) ?? [];
    if (moved) return { weights: moved, slots: averages };
  }
  const mean = lerp(first, gradient, 1 - beta1);
  const spread = averagedSquare(second, gradient, beta2);
  const largest = most ? maximum(most, spread) : spread;
  const root = div(sqrt(largest), correction2);
  const denominator = add(root, eps);
  return {
    weights: sub(weights, div(mul(stepSize, mean), denominator)),
    slots: most ? [mean, spread, largest] : [mean, spread],
  };
}

/**
 * AdamW: Adam after the weights have shrunk by lr·decay; AMSGrad where the option `amsgrad` is 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export const adamw = blockwise(adamMemory, (step) => adamStep(step, withDecoupledDecay(step), step.gradient));

/**
 * AdamC: AdamW whose decay is lr²/maxRate, so it falls with the square of the schedule. Default of maxRate: the rate
 * before the schedule.
 * @see https://arxiv.org/abs/2506.02285
 */
export const adamc = blockwise(adamMemory, (step) => {
  if (!step.decays) return adamStep(step, step.weights, step.gradient);
  const kept = step.each(({ lr, weightDecay, constants }, { baseLr }) => {
    const most = constants.maxRate || baseLr;
    return most > 0 ? 1 - (weightDecay * lr * lr) / most : 1;
  });
  return adamStep(step, mul(step.weights, kept), step.gradient);
});
