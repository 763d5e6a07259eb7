/** Where a curve stops being numbers. */
export interface Break {
  /** From 1. */
  step: number;
  what: 'infinity' | 'nan';
}

/** The first step whose loss is no finite number, or null. */
export function breakOf(losses: readonly number[]): Break | null {
  const index = losses.findIndex((loss) => !Number.isFinite(loss));
  if (index < 0) return null;
  return { step: index + 1, what: Number.isNaN(losses[index]) ? 'nan' : 'infinity' };
}
