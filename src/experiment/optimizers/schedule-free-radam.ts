import { blockwise } from './optimizer';
import { rectification } from './rectification';
import { adaptiveMemory, adaptiveStep } from './schedule-free-adamw';

/** schedulefree rectifies where more than so many steps are averaged, one earlier than torch. */
const ENOUGH = 4;

/**
 * Schedule-free RAdam with its usual `silent_sgd_phase`: before the mean square rests on enough steps, nothing moves.
 * @see https://github.com/facebookresearch/schedule_free (schedulefree/radam_schedulefree.py)
 */
export const scheduleFreeRadam = blockwise(adaptiveMemory, (step) =>
  adaptiveStep(step, rectification(step.settings.betas[1], step.number, ENOUGH) ?? 0),
);
