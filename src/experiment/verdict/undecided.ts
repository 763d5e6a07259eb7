import { breakOf, largest } from './deviations';

/**
 * Why a run decides nothing, or shows no difference and yet proves no equivalence; words/undecided-words.ts says each
 * in a sentence. The last three come from the file (`claimed`).
 */
export type Undecided =
  | ('no-points' | 'infinite' | 'nan' | 'explodes' | 'still' | 'controls-break' | 'noisy' | 'alpha-too')
  | ('departs' | 'drifts' | 'bits-lost' | 'no-rule' | 'not-exact' | 'not-understood' | 'nearly');

/** The baseline's loss must change by this many times the rounding error. */
const CLEAR_OF_ROUNDING = 10;

/** A loss that grows by this factor has diverged; it soon exceeds float32. */
const EXPLODED = 1e4;

/**
 * Why these runs decide nothing, or null.
 * @param batches number of mini-batches, whose losses differ even if nothing is learned
 * @param alphaOnly how far alpha alone deviates
 * @param isIdentical whether the rescaled run has the baseline's bits; that cannot be chance
 */
export function undecidedBy(
  base: readonly number[],
  batches: number,
  controls: readonly (readonly number[])[],
  { least, noise, needed }: Limits,
  alphaOnly: number | null,
  isIdentical: boolean,
): Undecided | null {
  const [first] = base;
  if (first === undefined) return 'no-points';
  const broken = breakOf(base);
  if (broken) return broken.what === 'nan' ? 'nan' : 'infinite';
  if (!isIdentical && largest(base) > EXPLODED * Math.abs(first)) return 'explodes';
  const learned = changeOfLoss(base, batches) / Math.abs(first);
  const learnsBeyond = (rounding: number): boolean => base.length === 1 || learned > CLEAR_OF_ROUNDING * rounding;
  if (!learnsBeyond(least)) return 'still';
  if (!isIdentical && controls.some((losses) => breakOf(losses))) return 'controls-break';
  if (!learnsBeyond(noise)) return 'noisy';
  return alphaOnly !== null && alphaOnly <= needed ? 'alpha-too' : null;
}

/** The largest change of the loss on one mini-batch. */
function changeOfLoss(losses: readonly number[], batches: number): number {
  const ranges = Array.from({ length: batches }, (_, batch) => {
    const own = losses.filter((_, step) => step % batches === batch);
    return largest(own) - own.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY);
  });
  return Math.max(...ranges.filter(Number.isFinite));
}

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

const ROUNDING = 2 ** -24;

/**
 * @param envelope the largest deviation of a control
 * @param drift the largest deviation of the rule at other scalings, or null
 * @param isIdentical the rescaled run has the baseline's bits, which cannot be chance even in a chaotic run
 * @param isProven the plan's powers are right, so any difference is rounding
 */
export function limitsOf(
  steps: number,
  envelope: number,
  drift: number | null,
  isIdentical: boolean,
  isProven: boolean,
): Limits {
  // A few units in the last place of the loss, and half a unit of the weights at each step. Controls start with almost
  // the baseline's mantissas, so they miss rounding that always has the same sign. (AdamW at rates where lr·decay is a
  // few units in the last place: thirty times what the controls show.)
  const least = ROUNDING * Math.max(16, steps / 2);
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
