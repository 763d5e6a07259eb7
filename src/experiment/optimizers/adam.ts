import { abs, add, div, maximum, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { averagedAtMost, averagedSteps, FEW_STEPS } from '../../recipe/optimizers/early-steps';
import { ADAM_UPDATE, fused } from '../tensors/operations';
import { blockwise, constant, option, rateOf, rootCorrection, zeros } from './optimizer';
import type { ByRow, Start, Step, Updated } from './optimizer';
import { averages, bothDecays, lerp, lerped, rootPlusEps, withCoupledDecay, type Averages } from './terms';

/** Adam's state; `largest`: the largest mean square so far, for AMSGrad (the option `amsgrad`). */
type AdamState = Averages & Partial<Record<'largest', Tensor>>;

const adamState = (start: Start): AdamState =>
  option(start, 'amsgrad', 0) ? zeros('mean', 'spread', 'largest')(start) : averages(start);

function adamStep(step: Step & AdamState, weights: Tensor, gradient: Tensor): Updated<AdamState> {
  const { number, beta1, beta2 } = step;
  const correction1 = 1 - beta1 ** number;
  const correction2 = rootCorrection(step);
  const rate = step.each(({ lr }) => lr / correction1);
  const eps = constant(step, 'eps');
  if (!step.largest) {
    const inputs = { weights, gradient, mean: step.mean, spread: step.spread, rate, eps };
    const [moved, mean, spread] = fused(ADAM_UPDATE, inputs, { beta1, beta2, correction2 }) ?? [];
    if (moved && mean && spread) return { weights: moved, mean, spread };
  }
  const { mean, spread } = lerped(step, gradient);
  const largest = step.largest && maximum(step.largest, spread);
  const denominator = add(div(sqrt(largest ?? spread), correction2), eps);
  const stepped = sub(weights, div(mul(rate, mean), denominator));
  return { weights: stepped, mean, spread, ...(largest ? { largest } : {}) };
}

function nadamStep(step: Step & Averages, weights: Tensor, gradient: Tensor): Updated<Averages> {
  const { number, beta1, beta2, each } = step;
  const momentumDecay = option(step, 'momentumDecay', 4e-3);
  const momentum = (at: number): number => beta1 * (1 - 0.5 * 0.96 ** (at * momentumDecay));
  // torch keeps the product of all momenta so far in float32.
  let product = 1;
  for (let at = 1; at <= number; at++) product = Math.fround(product * Math.fround(momentum(at)));
  const [now, ahead] = [momentum(number), momentum(number + 1)];
  const { mean, spread } = lerped(step, gradient);
  const denominator = add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps'));
  const alongGradient = each(({ lr }) => (lr * (1 - now)) / (1 - product));
  const alongMean = each(({ lr }) => (lr * ahead) / (1 - product * ahead));
  const first = sub(weights, div(mul(alongGradient, gradient), denominator));
  return { weights: sub(first, div(mul(alongMean, mean), denominator)), mean, spread };
}

function radamStep(step: Step & Averages, weights: Tensor, gradient: Tensor): Updated<Averages> {
  const { number, beta1, beta2 } = step;
  const { mean, spread } = lerped(step, gradient);
  const rated = mul(div(mean, 1 - beta1 ** number), rateOf(step));
  const factor = rectification(beta2, number, FEW_STEPS);
  if (factor === null) return { weights: sub(weights, rated), mean, spread };
  const adaptive = div(rootCorrection(step), rootPlusEps(step, spread));
  return { weights: sub(weights, mul(mul(rated, adaptive), factor)), mean, spread };
}

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

const adam = bothDecays(adamState, adamStep);
const nadam = bothDecays(averages, nadamStep);
const radam = bothDecays(averages, radamStep);

export const ADAM = {
  /** @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html */
  adam: adam.coupled,
  /** @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html */
  adamw: adam.decoupled,

  /**
   * NAdam: Adam that looks one step of its momentum ahead, with a momentum that grows from step to step.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html
   */
  nadam: nadam.coupled,
  'nadam-decoupled': nadam.decoupled,

  /**
   * RAdam: momentum alone while the mean square covers few steps, then Adam with a factor that grows to 1.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html
   */
  radam: radam.coupled,
  'radam-decoupled': radam.decoupled,

  /**
   * AdamC: AdamW whose decay is lr²/maxRate, so it falls with the square of the schedule. Default of maxRate: the rate
   * before the schedule.
   * @see https://arxiv.org/abs/2506.02285
   */
  adamc: blockwise(adamState, (step) => {
    if (!step.decays) return adamStep(step, step.weights, step.gradient);
    const kept = step.each(({ lr, weightDecay, constants }, { baseLr }) => {
      const most = constants.maxRate || baseLr;
      return most > 0 ? 1 - (weightDecay * lr * lr) / most : 1;
    });
    return adamStep(step, mul(step.weights, kept), step.gradient);
  }),

  /**
   * Adamax: Adam with a decaying maximum of the gradient in place of the root mean square.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html
   */
  adamax: blockwise(zeros('mean', 'largest'), (step) => {
    const { beta1, beta2, each, number } = step;
    const gradient = withCoupledDecay(step);
    const mean = lerp(step.mean, gradient, 1 - beta1);
    const largest = maximum(mul(step.largest, beta2), add(abs(gradient), constant(step, 'eps')));
    const correction = 1 - beta1 ** number;
    const rate = each(({ lr }) => lr / correction);
    return { weights: sub(step.weights, div(mul(rate, mean), largest)), mean, largest };
  }),
} satisfies ByRow;
