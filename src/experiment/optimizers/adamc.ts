import { mul } from '@tensorflow/tfjs-core';
import { adamMemory, adamStep } from './adam';
import { blockwise } from './optimizer';

/**
 * AdamC: AdamW whose decay falls with the square of the schedule: lr²/maxRate. Where nobody says, the largest rate is the
 * one that the schedule starts from.
 * @see https://arxiv.org/abs/2506.02285
 */
export const adamc = blockwise(adamMemory, (step) => {
  if (!step.decays) return adamStep(step, step.weights, step.gradient);
  const kept = step.each(({ lr, weightDecay, constants }, { baseLr }) => {
    const most = constants.maxRate || baseLr;
    return most > 0 ? 1 - (weightDecay * lr * lr) / most : 1;
  });
  return adamStep(step, mul(step.weights, kept), step.gradient);
});
