/** What each side reaches at its best. */
export interface Best {
  ours: number;
  torch: number | null;
}

/** Measures one side once: a speed, or milliseconds. */
export type Measure = () => number | Promise<number>;

/**
 * Lets both sides take turns, so that whatever else the machine does hits both alike, and keeps the best of each: what it
 * can do undisturbed.
 * @param better of two measurements: Math.max for speeds, Math.min for times
 */
export async function inTurns(
  rounds: number,
  better: (one: number, other: number) => number,
  ours: Measure,
  torch: Measure | null,
): Promise<Best> {
  const best: Best = { ours: await ours(), torch: torch ? await torch() : null };
  for (let round = 1; round < rounds; round++) {
    best.ours = better(best.ours, await ours());
    if (torch && best.torch !== null) best.torch = better(best.torch, await torch());
  }
  return best;
}
