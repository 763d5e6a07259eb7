/** Below this share of its first value, a loss counts as vanishing. */
const VANISHING = 1e-5;

/**
 * |loss − base| / |base| at every step. Two NaNs count as equal.
 * @param least lower limit of the |base| that is divided by
 */
export function deviationsOf(losses: readonly number[], base: readonly number[], least = 0): number[] {
  return losses.map((loss, step) => {
    const reference = base[step] ?? Number.NaN;
    if (Object.is(loss, reference)) return 0;
    const deviation = Math.abs(loss - reference) / Math.max(Math.abs(reference), least);
    return Number.isNaN(deviation) ? Number.POSITIVE_INFINITY : deviation;
  });
}

/** Lower limit for a vanishing loss; below it, rounding error would look like a difference. */
export function vanishing([first = 0]: readonly number[]): number {
  return VANISHING * Math.abs(first);
}

export function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

/** The first step of a curve without a finite loss. */
export interface Break {
  /** From 1. */
  step: number;
  what: 'infinity' | 'nan';
}

/** The first step whose loss is not finite, or null. */
export function breakOf(losses: readonly number[]): Break | null {
  const index = losses.findIndex((loss) => !Number.isFinite(loss));
  if (index < 0) return null;
  return { step: index + 1, what: Number.isNaN(losses[index]) ? 'nan' : 'infinity' };
}
