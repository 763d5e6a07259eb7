import type { Combination } from '../reading';
import { lrPower, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';

/**
 * The power of the scaling by which a symmetric plan changes the learning rate: −1/2 under Adam, −1 under SGD.
 * Each factor changes by √k, so lr' = lr · √k^(e − d − 1).
 */
export function ratePower(row: OptimizerRow): number {
  return lrPower(row) / 2;
}

/**
 * Groups the combinations that are one run except for the size of the init: at one rank, lr · alpha^−power is equal.
 * Groups are in the order of their first combination.
 */
export function sameRuns(alphas: readonly number[], rates: readonly number[], row: OptimizerRow): Combination[][] {
  const groups: { pace: number; members: Combination[] }[] = [];
  for (const alpha of alphas) {
    for (const learningRate of rates) {
      const pace = learningRate * alpha ** -ratePower(row);
      const group = groups.find((known) => Math.abs(pace / known.pace - 1) < 1e-6);
      if (group) group.members.push({ alpha, learningRate });
      else groups.push({ pace, members: [{ alpha, learningRate }] });
    }
  }
  return groups.map(({ members }) => members);
}
