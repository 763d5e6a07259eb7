import { lrPower, type OptimizerRow } from '../../recipe/optimizers/optimizer-row';

/** One combination that a search tries. */
export interface Combination {
  alpha: number;
  learningRate: number;
}

/**
 * By which power of the scaling the learning rate of a symmetric plan moves: −1/2 under Adam, −1 under SGD.
 * Both factors take √k, so lr' = lr · √k^(e − d − 1).
 */
export function ratePower(row: OptimizerRow): number {
  return lrPower(row) / 2;
}

/**
 * The combinations in groups of what is one run but for the size of the init: at one rank, lr · alpha^−power is the same.
 * Groups come in the order of their first combination.
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
