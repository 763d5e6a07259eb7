/** The curves of one run, as far as they have come. `losses[curve][step]`. */
export interface RunCurves {
  id: number;
  losses: number[][];
}

/** Points on their way: `losses[curve][i]` belongs to step `from + i`. */
interface Points extends RunCurves {
  from: number;
}

/**
 * Adds points to the curves in place.
 * @returns the curves; or null where points before these are missing, so that all of them must be asked for again
 */
export function addPoints(curves: RunCurves | null, { id, from, losses }: Points): RunCurves | null {
  if (curves && id < curves.id) return curves;
  if (from === 0) return { id, losses: losses.map((curve) => [...curve]) };
  if (curves?.id !== id || stepsOf(curves) < from) return null;
  curves.losses.forEach((curve, index) => curve.splice(from, curve.length, ...(losses[index] ?? [])));
  return curves;
}

/** Steps for which every curve has a point. */
export function stepsOf(curves: RunCurves | null): number {
  if (!curves || curves.losses.length === 0) return 0;
  return Math.min(...curves.losses.map((curve) => curve.length));
}
