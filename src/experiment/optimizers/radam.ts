import { add, div, mul, sqrt, sub } from '@tensorflow/tfjs-core';
import { FEW_STEPS } from '../../recipe/optimizers/early-steps';
import { averagedSquare, lerp } from './averages';
import { constant } from './constants';
import { withCoupledDecay, withDecoupledDecay } from './decay';
import { zeros } from './memory';
import { blockwise, type Optimizer } from './optimizer';
import { rectification } from './rectification';

/**
 * RAdam: momentum alone while the mean square rests on few steps, then Adam with a factor that grows to 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html
 */
function radamOf(decay: 'coupled' | 'decoupled'): Optimizer {
  return blockwise(zeros(2), (step) => {
    const { number, settings } = step;
    const [beta1, beta2] = settings.betas;
    const gradient = decay === 'coupled' ? withCoupledDecay(step) : step.gradient;
    const weights = decay === 'decoupled' ? withDecoupledDecay(step) : step.weights;
    const [first = gradient, second = gradient] = step.slots;
    const mean = lerp(first, gradient, 1 - beta1);
    const spread = averagedSquare(second, gradient, beta2);
    const rated = mul(
      div(mean, 1 - beta1 ** number),
      step.each(({ lr }) => lr),
    );
    const factor = rectification(beta2, number, FEW_STEPS);
    const slots = [mean, spread];
    if (factor === null) return { weights: sub(weights, rated), slots };
    const adaptive = div(Math.sqrt(1 - beta2 ** number), add(sqrt(spread), constant(step, 'eps')));
    return { weights: sub(weights, mul(mul(rated, adaptive), factor)), slots };
  });
}

export const radam = radamOf('coupled');
export const radamDecoupled = radamOf('decoupled');
