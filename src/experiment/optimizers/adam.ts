import { abs, add, div, maximum, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { averagedAtMost, averagedSteps, FEW_STEPS } from '../../recipe/optimizers/early-steps';
import { ADAM_UPDATE, fused } from '../tensors/operations';
import { averagedSquare, lerp } from './math/averages';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';
import { blockwise, constant, type Optimizer, option, rateOf, type Step, type Updated, zeros } from './optimizer';

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

/**
 * Adamax: Adam with a decaying maximum of the gradient in place of the root mean square.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html
 */
export const adamax = blockwise(zeros(2), (step) => {
  const [beta1, beta2] = step.settings.betas;
  const gradient = withCoupledDecay(step);
  const [first = gradient, most = gradient] = step.slots;
  const mean = lerp(first, gradient, 1 - beta1);
  const largest = maximum(mul(most, beta2), add(abs(gradient), constant(step, 'eps')));
  const correction = 1 - beta1 ** step.number;
  const rate = step.each(({ lr }) => lr / correction);
  return { weights: sub(step.weights, div(mul(rate, mean), largest)), slots: [mean, largest] };
});

/**
 * NAdam: Adam that looks one step of its momentum ahead, with a momentum that grows from step to step.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html
 */
export const nadam = blockwise(zeros(2), (step) => nadamStep(step, step.weights, withCoupledDecay(step)));

/** NAdam with `decoupled_weight_decay`: the weights shrink by lr·decay before the step. */
export const nadamDecoupled = blockwise(zeros(2), (step) => nadamStep(step, withDecoupledDecay(step), step.gradient));

function nadamStep(step: Step, weights: Tensor, gradient: Tensor): Updated {
  const { number, settings, each } = step;
  const [beta1, beta2] = settings.betas;
  const momentumDecay = option(step, 'momentumDecay', 4e-3);
  const momentum = (at: number): number => beta1 * (1 - 0.5 * 0.96 ** (at * momentumDecay));
  // torch keeps the product of all momenta so far in float32.
  let product = 1;
  for (let at = 1; at <= number; at++) product = Math.fround(product * Math.fround(momentum(at)));
  const [now, ahead] = [momentum(number), momentum(number + 1)];

  const [first = gradient, second = gradient] = step.slots;
  const mean = lerp(first, gradient, 1 - beta1);
  const spread = averagedSquare(second, gradient, beta2);
  const denominator = add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps'));
  const alongGradient = each(({ lr }) => (lr * (1 - now)) / (1 - product));
  const alongMean = each(({ lr }) => (lr * ahead) / (1 - product * ahead));
  const moved = sub(weights, div(mul(alongGradient, gradient), denominator));
  return { weights: sub(moved, div(mul(alongMean, mean), denominator)), slots: [mean, spread] };
}

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
    const rated = mul(div(mean, 1 - beta1 ** number), rateOf(step));
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
