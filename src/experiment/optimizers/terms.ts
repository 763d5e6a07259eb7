import { add, div, mul, sqrt, sub, type Tensor } from '@tensorflow/tfjs-core';
import { blockwise, constant, decayOf, rateOf, zeros } from './optimizer';
import type { Optimizer, Start, State, Step, Updated } from './optimizer';

/** Adam's averages of the gradient and of its square. */
export type Averages = Record<'mean' | 'spread', Tensor>;
export const averages = zeros('mean', 'spread');

/** Both after this step, as torch computes them. */
export function lerped(step: Step & Averages, gradient: Tensor = step.gradient): Averages {
  const mean = lerp(step.mean, gradient, 1 - step.beta1);
  return { mean, spread: averagedSquare(step.spread, gradient, step.beta2) };
}

/** The same with the mean as a sum of its parts. */
export function summed(step: Step & Averages, gradient: Tensor = step.gradient): Averages {
  const mean = averaged(step.mean, gradient, step.beta1);
  return { mean, spread: averagedSquare(step.spread, gradient, step.beta2) };
}

/** √spread + eps, the root over `correction` if there is one. */
export function rootPlusEps(step: Pick<Start, 'each'>, spread: Tensor, correction?: number): Tensor {
  const root = sqrt(spread);
  return add(correction === undefined ? root : div(root, correction), constant(step, 'eps'));
}

/** `weights` after a step of `rate` along `direction`. */
export function moved(weights: Tensor, direction: Tensor, rate: Tensor): Tensor {
  return sub(weights, mul(direction, rate));
}

/** The same for weights that first shrink by lr·decay. */
export function shrunkAndMoved(step: Step, direction: Tensor, rate: Tensor = rateOf(step)): Tensor {
  return moved(withDecoupledDecay(step), direction, rate);
}

/** A step from `weights` along `gradient`, with decay added to the gradient, or shrinking the weights before. */
export function bothDecays<S extends State>(
  start: (start: Start) => S,
  along: (step: Step & S, weights: Tensor, gradient: Tensor) => Updated<S>,
): Record<'coupled' | 'decoupled', Optimizer> {
  return {
    coupled: blockwise(start, (step) => along(step, step.weights, withCoupledDecay(step))),
    decoupled: blockwise(start, (step) => along(step, withDecoupledDecay(step), step.gradient)),
  };
}

/** Coupled decay: the gradient of loss + decay/2·‖w‖², before the optimizer sees it. */
export function withCoupledDecay(step: Step): Tensor {
  const { weights, gradient, decays } = step;
  return decays ? add(gradient, mul(weights, decayOf(step))) : gradient;
}

/** Decoupled decay: `weights` shrink by lr·decay, whatever the gradient. */
export function withDecoupledDecay({ weights: before, each, decays }: Step, weights = before): Tensor {
  const kept = (): Tensor => each(({ lr, weightDecay }) => 1 - lr * weightDecay);
  return decays ? mul(weights, kept()) : weights;
}

/** Decoupled decay with a rate that the optimizer found itself, [parameters, variants, 1, 1]. */
export function withDecayAt(step: Step, rate: Tensor): Tensor {
  const { weights, decays } = step;
  return decays ? sub(weights, mul(weights, mul(decayOf(step), rate))) : weights;
}

/**
 * A step of `weight` from `from` to `to`, rounded as PyTorch's `lerp_`: it starts from the nearer end.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lerp.html
 */
export function lerp(from: Tensor, to: Tensor, weight: number): Tensor {
  const way = sub(to, from);
  return weight < 0.5 ? add(from, mul(way, weight)) : sub(to, mul(way, 1 - weight));
}

/** `average · kept + value · (1 − kept)`. */
export function averaged(average: Tensor, value: Tensor, kept: number): Tensor {
  return add(mul(average, kept), mul(value, 1 - kept));
}

/** The same for the square of `value`, in the order of PyTorch's `addcmul_`. */
export function averagedSquare(average: Tensor, value: Tensor, kept: number): Tensor {
  return add(mul(average, kept), mul(mul(value, 1 - kept), value));
}
