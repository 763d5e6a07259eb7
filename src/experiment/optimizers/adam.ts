import { add, div, maximum, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { ADAM_UPDATE, FEW_WEIGHTS, fused } from '../tensors/fused';
import { averagedSquare, lerp } from './averages';
import { constant, option } from './constants';
import { withCoupledDecay } from './decay';
import { zeros } from './memory';
import { blockwise, type Optimizer, type Step, type Updated } from './optimizer';

/** Adam's memory: mean, mean of squares, and for AMSGrad the largest mean of squares so far. */
export const adamMemory: Optimizer['start'] = (start) => zeros(option(start, 'amsgrad', 0) ? 3 : 2)(start);

/**
 * Adam, with decay added to the gradient; AMSGrad where the option `amsgrad` is 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html
 */
export const adam = blockwise(adamMemory, (step) => adamStep(step, step.weights, withCoupledDecay(step)));

/** Adam's step from `weights` along `gradient`; what AdamW does after its decay. */
export function adamStep(step: Step, weights: Tensor, gradient: Tensor): Updated {
  const { slots, settings, number, each } = step;
  const [beta1, beta2] = settings.betas;
  const [first = gradient, second = gradient, most] = slots;
  const correction1 = 1 - beta1 ** number;
  const correction2 = Math.sqrt(1 - beta2 ** number);
  const stepSize = each(({ lr }) => lr / correction1);
  const eps = constant(step, 'eps');
  if (!most && weights.size <= FEW_WEIGHTS) {
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
