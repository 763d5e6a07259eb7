import { add, div, greater, maximum, mul, pow, sqrt, sub, type Tensor, where, zerosLike } from '@tensorflow/tfjs-core';
import { rectification } from './adam';
import { blockwise, constant, decayOf, option, rateOf, zeros } from './optimizer';
import type { ByRow, Start, Step, Updated } from './optimizer';
import { averagedSquare, withCoupledDecay } from './terms';

type Iterates = Record<'z' | 'largest' | 'sum', Tensor>;

function iterates(start: Start): Iterates {
  const none = start.each(() => 0);
  return { z: start.weights, largest: none, sum: none };
}

/**
 * A step along `direction`. The iterate `z` takes the step; the weights, where the gradient is computed, stay between
 * `z` and its running average. The average for evaluation does not train and is left out.
 * @param kept how far the weights stay with the average: momentum, or Adam's first beta
 * @param factor on the learning rate
 * @see https://arxiv.org/abs/2405.15682 and https://github.com/facebookresearch/schedule_free
 */
function scheduleFreeStep(step: Step & Iterates, direction: Tensor, kept: number, factor = 1): Updated<Iterates> {
  const { number, weights, z } = step;
  const rate = rateOf(step, factor);
  const largest = maximum(step.largest, rate);
  const started = greater(largest, 0);
  // The sum of weights in units of the newest one, because squares of small rates underflow float32.
  const aging = ((number - 1) / number) ** option(step, 'r', 0);
  const older = mul(pow(div(step.largest, largest), option(step, 'weightLrPower', 2)), aging);
  const sum = where(started, add(mul(step.sum, older), 1), zerosLike(largest));
  const share = where(started, div(1, sum), zerosLike(largest));
  const mixed = add(weights, mul(sub(z, weights), share));
  const along = mul(rate, sub(mul(sub(1, share), kept), 1));
  return { weights: add(mixed, mul(direction, along)), z: sub(z, mul(direction, rate)), largest, sum };
}

/** With the mean square, as the adaptive versions keep it. */
type Adaptive = Iterates & Record<'spread', Tensor>;
const adaptive = (start: Start): Adaptive => ({ ...zeros('spread')(start), ...iterates(start) });

/** The step of schedule-free AdamW with a factor on its rate: decay is added to the normalised gradient. */
function adaptiveStep(step: Step & Adaptive, factor: number): Updated<Adaptive> {
  const { number, gradient, weights, beta1, beta2 } = step;
  const spread = averagedSquare(step.spread, gradient, beta2);
  const normed = div(gradient, add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps')));
  const direction = step.decays ? add(normed, mul(weights, decayOf(step))) : normed;
  return { ...scheduleFreeStep(step, direction, beta1, factor), spread };
}

/** schedulefree starts rectified steps one step earlier than torch. */
const ENOUGH = 4;

export const SCHEDULE_FREE = {
  /**
   * Momentum is how far the weights stay with the average.
   * @see https://github.com/facebookresearch/schedule_free (schedulefree/sgd_schedulefree.py)
   */
  'schedule-free-sgd': blockwise(iterates, (step) =>
    scheduleFreeStep(step, withCoupledDecay(step), step.settings.momentum),
  ),
  /** @see https://github.com/facebookresearch/schedule_free (schedulefree/adamw_schedulefree.py) */
  'schedule-free-adamw': blockwise(adaptive, (step) => adaptiveStep(step, 1)),
  /**
   * With the default `silent_sgd_phase`: nothing moves until the mean square covers enough steps.
   * @see https://github.com/facebookresearch/schedule_free (schedulefree/radam_schedulefree.py)
   */
  'schedule-free-radam': blockwise(adaptive, (step) =>
    adaptiveStep(step, rectification(step.beta2, step.number, ENOUGH) ?? 0),
  ),
} satisfies ByRow;
