import { add, div, greater, maximum, mul, pow, sqrt, sub, type Tensor, where, zerosLike } from '@tensorflow/tfjs-core';
import { averagedSquare } from './math/averages';
import { withCoupledDecay } from './math/decay';
import { blockwise, constant, option, type Start, type Step, type Updated } from './optimizer';
import { rectification } from './radam';

/** What schedule-free optimizers remember besides: where the plain steps lead, the largest rate, the sum of weights. */
function averageMemory(start: Start): Tensor[] {
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

/**
 * Schedule-free SGD: momentum says how far the weights stay with the average.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/sgd_schedulefree.py)
 */
export const scheduleFreeSgd = blockwise(averageMemory, (step) =>
  scheduleFreeStep(step, step.slots, withCoupledDecay(step), step.settings.momentum),
);

/** The mean square, and what every schedule-free optimizer remembers. */
function adaptiveMemory(start: Start): Tensor[] {
  return [zerosLike(start.weights), ...averageMemory(start)];
}

/**
 * Schedule-free AdamW: no momentum but the average; decay joins the gradient after that was divided by its size.
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
  const decay = step.each(({ weightDecay }) => weightDecay);
  const direction = step.decays ? add(normed, mul(weights, decay)) : normed;
  const moved = scheduleFreeStep(step, average, direction, beta1, factor);
  return { weights: moved.weights, slots: [spread, ...moved.slots] };
}

/** schedulefree rectifies where more than so many steps are averaged, one earlier than torch. */
const ENOUGH = 4;

/**
 * Schedule-free RAdam with its usual `silent_sgd_phase`: before the mean square rests on enough steps, nothing moves.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/radam_schedulefree.py)
 */
export const scheduleFreeRadam = blockwise(adaptiveMemory, (step) =>
  adaptiveStep(step, rectification(step.settings.betas[1], step.number, ENOUGH) ?? 0),
);
