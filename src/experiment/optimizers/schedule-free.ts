import { add, div, greater, maximum, mul, pow, sqrt, sub, type Tensor, where, zerosLike } from '@tensorflow/tfjs-core';
import { averagedSquare } from './math/averages';
import { withCoupledDecay } from './math/decay';
import { blockwise, constant, decayOf, option, type Start, type Step, type Updated } from './optimizer';
import { rectification } from './adam';

/** State of every schedule-free optimizer: the plain iterate z, the largest rate, the sum of weights. */
function averageMemory(start: Start): Tensor[] {
  const none = start.each(() => 0);
  return [start.weights, none, none];
}

/**
 * A schedule-free step along `direction`. The iterate `z` takes the step; the weights, where the gradient is computed,
 * stay between `z` and its running average. The average for evaluation does not affect training and is left out.
 * @param kept how far the weights stay with the average: momentum, or Adam's first beta
 * @param factor on the learning rate
 * @see https://arxiv.org/abs/2405.15682 and https://github.com/facebookresearch/schedule_free
 */
function scheduleFreeStep(
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
  // The sum of weights in units of the newest one, because squares of small rates underflow float32.
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

/**
 * Schedule-free SGD. Momentum is how far the weights stay with the average.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/sgd_schedulefree.py)
 */
export const scheduleFreeSgd = blockwise(averageMemory, (step) =>
  scheduleFreeStep(step, step.slots, withCoupledDecay(step), step.settings.momentum),
);

/** State of the adaptive versions: the mean square, then that of every schedule-free optimizer. */
function adaptiveMemory(start: Start): Tensor[] {
  return [zerosLike(start.weights), ...averageMemory(start)];
}

/**
 * Schedule-free AdamW: the average replaces momentum; decay is added to the normalised gradient.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/adamw_schedulefree.py)
 */
export const scheduleFreeAdamw = blockwise(adaptiveMemory, (step) => adaptiveStep(step, 1));

/** The step of schedule-free AdamW with a factor on its rate. */
function adaptiveStep(step: Step, factor: number): Updated {
  const { number, settings, gradient, weights } = step;
  const [beta1, beta2] = settings.betas;
  const [second = gradient, ...average] = step.slots;
  const spread = averagedSquare(second, gradient, beta2);
  const normed = div(gradient, add(sqrt(div(spread, 1 - beta2 ** number)), constant(step, 'eps')));
  const direction = step.decays ? add(normed, mul(weights, decayOf(step))) : normed;
  const moved = scheduleFreeStep(step, average, direction, beta1, factor);
  return { weights: moved.weights, slots: [spread, ...moved.slots] };
}

/** schedulefree starts rectified steps one step earlier than torch. */
const ENOUGH = 4;

/**
 * Schedule-free RAdam with its default `silent_sgd_phase`: nothing moves until the mean square covers enough steps.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/radam_schedulefree.py)
 */
export const scheduleFreeRadam = blockwise(adaptiveMemory, (step) =>
  adaptiveStep(step, rectification(step.settings.betas[1], step.number, ENOUGH) ?? 0),
);
