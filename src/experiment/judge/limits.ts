/** What the deviations of one draw are held against; all are relative deviations of the loss. */
export interface Limits {
  /** The least rounding error of a run of this length, whatever its controls show. */
  least: number;
  /** A curve beyond this shows another run. */
  limit: number;
  /** The baseline's loss must change by clearly more than this. */
  noise: number;
  /** Alpha alone must deviate by more than this: otherwise no run could be told from another. */
  needed: number;
}

/** A right run may deviate by this many times the rounding error. */
const ALLOWANCE = 4;

/** If alpha alone changes the loss by one per cent, it is another run, whatever the rounding error. */
const ANOTHER_RUN = 0.01;

/** The largest relative error of one rounding to float32. */
const ROUNDING = 2 ** -24;

/** What is known of a draw before its curves are judged. */
interface DrawFacts {
  steps: number;
  /** The largest deviation of a control. */
  envelope: number;
  /** The largest deviation of the rule at other scalings, or null. */
  drift: number | null;
  /** The rescaled run has the baseline's bits: conclusive even in a chaotic run, where they cannot agree by chance. */
  isIdentical: boolean;
  /** The plan's powers are right, so any difference is rounding. */
  isProven: boolean;
}

export function limitsOf({ steps, envelope, drift, isIdentical, isProven }: DrawFacts): Limits {
  const least = leastLimit(steps);
  const rounding = isProven ? Math.max(envelope, drift ?? 0) : envelope;
  const limit = Math.max(ALLOWANCE * rounding, least);
  const needed = isIdentical ? Math.max(envelope, least) : limit;
  return {
    least,
    limit,
    noise: isIdentical || isProven ? least : limit,
    needed: isProven ? Math.min(needed, ANOTHER_RUN) : needed,
  };
}

/**
 * Lower limit of the rounding error: a few units in the last place of the loss, and half a unit of the weights at each
 * step. Controls start with almost the baseline's mantissas, so they miss rounding that always has the same sign.
 * (AdamW at rates where lr·decay is a few units in the last place: thirty times what the controls show.)
 */
function leastLimit(steps: number): number {
  return ROUNDING * Math.max(16, steps / 2);
}
