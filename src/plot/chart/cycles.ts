/**
 * The loss of a run on n mini-batches in turn is a saw: every mini-batch has its own level. Over one cycle of mini-batches
 * the saw is level, so plots show cycles.
 */

/** The mean over the last `batches` values; NaN before there are so many. Shape [steps]. */
export function cycleMeans(values: readonly number[], batches: number): number[] {
  return overCycles(values, batches, (cycle) => cycle.reduce((sum, value) => sum + value, 0) / cycle.length);
}

/** The largest of the last `batches` values, so that no difference looks smaller than it is. Shape [steps]. */
export function cyclePeaks(values: readonly number[], batches: number): number[] {
  return overCycles(values, batches, (cycle) => Math.max(...cycle));
}

function overCycles(values: readonly number[], batches: number, of: (cycle: readonly number[]) => number): number[] {
  if (batches < 2) return [...values];
  return values.map((_, step) => (step + 1 < batches ? NaN : of(values.slice(step + 1 - batches, step + 1))));
}
