import type { OptimizerRow } from './optimizer-row';

/** torch's RAdam goes by the gradient's size while its mean square rests on no more steps than this. */
export const FEW_STEPS = 5;

/** With no beta, above what is needed or below 1, are there as many. */
const MOST_EARLY = 1000;

/**
 * How many steps the mean square of step `number` (from 1) rests on, as RAdam reckons it.
 * @see https://arxiv.org/abs/1908.03265 (section 3.3)
 */
export function averagedSteps(beta2: number, number: number): number {
  const power = beta2 ** number;
  return averagedAtMost(beta2) - (2 * number * power) / (1 - power);
}

/** What {@link averagedSteps} grows towards. */
export function averagedAtMost(beta2: number): number {
  return 2 / (1 - beta2) - 1;
}

/** The row with as many early steps as these betas make; with betas so small that they never end, early is all there is. */
export function rowUnder(row: OptimizerRow, [, beta2]: readonly [number, number]): OptimizerRow {
  const { early, ...rest } = row;
  if (early?.until !== 'rectified') return row;
  if (!(averagedAtMost(beta2) > FEW_STEPS)) {
    const decayPower = row.decayPower - (row.decay === 'decoupled' ? early.power : 0);
    return { ...rest, d: row.d - early.power, decayPower };
  }
  let steps = 1;
  while (steps < MOST_EARLY && !(averagedSteps(beta2, steps + 1) > FEW_STEPS)) steps++;
  return { ...rest, early: { ...early, steps } };
}
