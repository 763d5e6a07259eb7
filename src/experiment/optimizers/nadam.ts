import { add, div, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { averagedSquare, lerp } from './math/averages';
import { constant, option, zeros, blockwise, type Step, type Updated } from './optimizer';
import { withCoupledDecay, withDecoupledDecay } from './math/decay';

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
