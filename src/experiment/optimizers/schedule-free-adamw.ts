import { add, div, mul, sqrt, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { averagedSquare } from './averages';
import { constant } from './constants';
import { blockwise, type Start, type Step, type Updated } from './optimizer';
import { averageMemory, scheduleFreeStep } from './schedule-free';

/** The mean square, and what every schedule-free optimizer remembers. */
export function adaptiveMemory(start: Start): Tensor[] {
  return [zerosLike(start.weights), ...averageMemory(start)];
}

/**
 * Schedule-free AdamW: no momentum but the average; decay joins the gradient after that was divided by its size.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/adamw_schedulefree.py)
 */
export const scheduleFreeAdamw = blockwise(adaptiveMemory, (step) => adaptiveStep(step, 1));

/** The step of schedule-free AdamW with a factor on its rate. */
export function adaptiveStep(step: Step, factor: number): Updated {
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
