import { add, div, mul, sqrt, sub } from '@tensorflow/tfjs-core';
import { averagedAtMost, averagedSteps, FEW_STEPS } from '../../recipe/optimizers/early-steps';
import { averagedSquare, lerp } from './math/averages';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';
import { blockwise, constant, type Optimizer, zeros } from './optimizer';

/**
 * RAdam: momentum alone while the mean square covers few steps, then Adam with a factor that grows to 1.
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

/**
 * RAdam's factor on an Adam step; null while the mean square covers at most `enough` steps.
 * @param number of the step, from 1
 * @see https://arxiv.org/abs/1908.03265
 */
export function rectification(beta2: number, number: number, enough: number): number | null {
  const most = averagedAtMost(beta2);
  const length = averagedSteps(beta2, number);
  if (!(length > enough)) return null;
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}
