import { breakOf, largest } from './deviations';

/**
 * Why a run decides nothing. Of the base: `no-points`, `infinite`, `nan`, `explodes`, `still`; of what surrounds it:
 * `controls-break`, `noisy`, `alpha-too`; of a plan whose curve lies on the base's: `departs` from the
 * rule, `bits-lost` where the rule should give the base's, `no-rule` to say what they should be. And `drifts`: the plan
 * is proven, and parts from the base by rounding alone. The last three are said of a run that shows no difference, where
 * the file itself keeps the plan from being exact (see `claimed`).
 */
export type Undecided =
  | 'no-points'
  | 'infinite'
  | 'nan'
  | 'explodes'
  | 'still'
  | 'controls-break'
  | 'noisy'
  | 'alpha-too'
  | 'departs'
  | 'drifts'
  | 'bits-lost'
  | 'no-rule'
  | 'not-exact'
  | 'not-understood'
  | 'nearly';

/** The largest relative error of one rounding to float32. */
const ROUNDING = 2 ** -24;

/** The baseline's loss must change by this many times the rounding error. */
const CLEAR_OF_ROUNDING = 10;

/** A loss that grows by this factor has diverged; it soon exceeds float32. */
const EXPLODED = 1e4;

interface JudgedRuns {
  base: readonly number[];
  /** Number of mini-batches. Their losses differ even if nothing is learned. */
  batches: number;
  controls: readonly (readonly number[])[];
  /** The change of the baseline's loss must exceed this. */
  noise: number;
  /** The deviation of alpha alone must exceed this. */
  needed: number;
  alphaOnly: number | null;
  /** Whether the rescaled run has the baseline's bits; that cannot be chance. */
  isIdentical: boolean;
}

/** Why these runs decide nothing, or null. */
export function undecidedBy({
  base,
  batches,
  controls,
  noise,
  needed,
  alphaOnly,
  isIdentical,
}: JudgedRuns): Undecided | null {
  const [first] = base;
  if (first === undefined) return 'no-points';
  const broken = breakOf(base);
  if (broken) return broken.what === 'nan' ? 'nan' : 'infinite';
  const top = largest(base);
  if (!isIdentical && top > EXPLODED * Math.abs(first)) return 'explodes';
  const move = moveOf(base, batches) / Math.abs(first);
  const isMoving = (least: number): boolean => base.length === 1 || move > CLEAR_OF_ROUNDING * least;
  if (!isMoving(leastLimit(base.length))) return 'still';
  if (!isIdentical && controls.some((losses) => breakOf(losses))) return 'controls-break';
  if (!isMoving(noise)) return 'noisy';
  return alphaOnly !== null && alphaOnly <= needed ? 'alpha-too' : null;
}

/** The largest change of the loss on one mini-batch. */
function moveOf(losses: readonly number[], batches: number): number {
  const ranges = Array.from({ length: batches }, (_, batch) => {
    const own = losses.filter((_, step) => step % batches === batch);
    return largest(own) - own.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY);
  });
  return Math.max(...ranges.filter(Number.isFinite));
}

/**
 * Lower limit of the rounding error: a few units in the last place of the loss, and half a unit of the weights at each
 * step. Controls start with almost the baseline's mantissas, so they miss rounding that always has the same sign.
 * (AdamW at rates where lr·decay is a few units in the last place: thirty times what the controls show.)
 */
export function leastLimit(steps: number): number {
  return ROUNDING * Math.max(16, steps / 2);
}
