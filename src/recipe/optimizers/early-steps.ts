import type { OptimizerRow } from './optimizer-row';

/** torch's RAdam takes plain momentum steps while its mean square covers at most this many steps. */
export const FEW_STEPS = 5;

/**
 * How many steps RAdam's mean square effectively covers at step `number` (from 1).
 * @see https://arxiv.org/abs/1908.03265 (section 3.3)
 */
export function averagedSteps(beta2: number, number: number): number {
  const power = beta2 ** number;
  return averagedAtMost(beta2) - (2 * number * power) / (1 - power);
}

/** The limit of {@link averagedSteps}. */
export const averagedAtMost = (beta2: number): number => 2 / (1 - beta2) - 1;

/**
 * The row with the number of early steps that these betas give. If they never end, the row has the early degrees
 * throughout.
 */
export function rowUnder(row: OptimizerRow, [, beta2]: readonly [number, number]): OptimizerRow {
  const { early, ...rest } = row;
  if (early?.until !== 'rectified') return row;
  if (!(averagedAtMost(beta2) > FEW_STEPS)) {
    const decayPower = row.decayPower - (row.decay === 'decoupled' ? early.power : 0);
    return { ...rest, d: row.d - early.power, decayPower };
  }
  let steps = 1;
  // No beta has a thousand early steps.
  while (steps < 1000 && !(averagedSteps(beta2, steps + 1) > FEW_STEPS)) steps++;
  return { ...rest, early: { ...early, steps } };
}
