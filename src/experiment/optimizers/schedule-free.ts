import { add, div, greater, maximum, mul, pow, sub, where, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { option } from './constants';
import type { Start, Step, Updated } from './optimizer';

/** What schedule-free optimizers remember besides: where the plain steps lead, the largest rate, the sum of weights. */
export function averageMemory(start: Start): Tensor[] {
  const none = start.each(() => 0);
  return [start.weights, none, none];
}

/**
 * A schedule-free step along `direction`: `z` takes the step, and the weights, at which the gradient is taken, stay
 * between it and its running average. The averages of evaluation are not what trains, so they are left out.
 * @param kept how far the weights stay with the average: momentum, or Adam's first beta
 * @param factor on the learning rate
 * @see https://arxiv.org/abs/2405.15682 and https://github.com/facebookresearch/schedule_free
 */
export function scheduleFreeStep(
  step: Step,
  [z = step.weights, most = zerosLike(z), sum = zerosLike(z)]: readonly Tensor[],
  direction: Tensor,
  kept: number,
  factor = 1,
): Updated {
  const { number, weights } = step;
  const rate = step.each(({ lr }) => lr * factor);
  const largest = maximum(most, rate);
  const started = greater(largest, 0);
  // Weights of the average so far, in units of the newest: squares of small rates would leave float32.
  const aging = ((number - 1) / number) ** option(step, 'r', 0);
  const older = mul(pow(div(most, largest), option(step, 'weightLrPower', 2)), aging);
  const total = where(started, add(mul(sum, older), 1), zerosLike(largest));
  const share = where(started, div(1, total), zerosLike(largest));
  const mixed = add(weights, mul(sub(z, weights), share));
  const along = mul(rate, sub(mul(sub(1, share), kept), 1));
  return {
    weights: add(mixed, mul(direction, along)),
    slots: [sub(z, mul(direction, rate)), largest, total],
  };
}
