import { withCoupledDecay } from './decay';
import { blockwise } from './optimizer';
import { averageMemory, scheduleFreeStep } from './schedule-free';

/**
 * Schedule-free SGD: momentum says how far the weights stay with the average.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/sgd_schedulefree.py)
 */
export const scheduleFreeSgd = blockwise(averageMemory, (step) =>
  scheduleFreeStep(step, step.slots, withCoupledDecay(step), step.settings.momentum),
);
