import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { FactorHyper } from '../spec';

/**
 * Distance to learn at a rate of 1 for optimizers that estimate the distance. Slow ones do not reach a larger one
 * within the run, and fast ones overshoot.
 */
const DISTANCE = 2e-4;

/** At least this share of the distance that the initial guess alone would reach. */
const FROM_THE_START = 0.2;

/** The first step, which is as long as the rate, covers half the distance. */
const FIRST_STEPS = 2;

/** Beyond this many e-foldings the weights of a toy overflow. */
const MOST_FOLDINGS = 20;

/**
 * Estimates how far an element of B moves within a run; the toy's targets are chosen from it.
 *
 * - A step of size lr moves it by lr·pace.
 * - A step proportional to the weights moves it by lr·pace times the initial size of B (Adafactor's floor, or LAMB's
 *   first step, which is lr) and then grows with B.
 * - An optimizer that estimates the distance reaches any distance, but at a rate below 1 it reaches less within the
 *   run.
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
