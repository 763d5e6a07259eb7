import { averagedAtMost, averagedSteps } from '../../recipe/optimizers/early-steps';

/**
 * RAdam's factor on an Adam step, or null where the mean square rests on no more than `enough` steps.
 * @param number of the step, from 1
 * @see https://arxiv.org/abs/1908.03265
 */
export function rectification(beta2: number, number: number, enough: number): number | null {
  const most = averagedAtMost(beta2);
  const length = averagedSteps(beta2, number);
  if (!(length > enough)) return null;
  return Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}
