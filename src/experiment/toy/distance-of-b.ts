import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { FactorHyper } from '../spec';

/**
 * What an optimizer that looks for the distance itself is given to find at a rate of 1: further, and the slowest of them do
 * not find it within the run, or the fastest overshoot on their way.
 */
const DISTANCE = 2e-4;

/** The share of what it would come to with its first guess alone that is asked for at least. */
const FROM_THE_START = 0.2;

/** A first step as long as the rate is half of what there is to learn. */
const FIRST_STEPS = 2;

/** Beyond so many e-foldings the weights of a toy are no longer any. */
const MOST_FOLDINGS = 20;

/**
 * How far an element of B comes within a run, roughly: from this the toy's targets are chosen.
 *
 * - a step of the size lr moves it by lr·pace;
 * - a step that is a share of the weights moves it by lr·pace times what B's size counts as at first (Adafactor's floor,
 *   or LAMB's first step, which goes by lr alone), and grows with B from there on;
 * - one that finds the distance itself finds any, but at a lower rate than 1 only less of it in the time of a run.
 *
 * @param pace sum of the factors on the rate over the run, in steps
 */
export function distanceOfB({ d, e }: OptimizerRow, { lr, constants }: FactorHyper, pace: number): number {
  if (d < 0 || constants.d0 !== undefined) {
    return Math.max(DISTANCE * Math.min(1, lr) ** 2, (constants.d0 ?? 0) * lr * pace * FROM_THE_START);
  }
  const moved = lr * pace;
  if (e === 0) return moved + ((constants.rateBump ?? 0) * pace ** 2) / 2;
  const foldings = Math.min(moved, MOST_FOLDINGS);
  const floor = constants.epsRms;
  if (floor === undefined) return FIRST_STEPS * lr * Math.exp(foldings);
  return floor * (moved <= 1 ? moved : Math.exp(foldings - 1));
}
