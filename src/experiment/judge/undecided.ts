import { breakOf, largest } from './deviations';
import type { Limits } from './limits';

/** Why a run decides nothing, or shows no difference and yet proves no equivalence. */
export type Undecided =
  /** The run was stopped before its first step. */
  | 'no-points'
  /** The baseline's loss is infinite at some step. */
  | 'infinite'
  /** The baseline's loss is NaN at some step. */
  | 'nan'
  /** The baseline's loss grows until it soon exceeds float32. */
  | 'explodes'
  /** The baseline's loss changes by little more than rounding: it learns nothing. */
  | 'still'
  /** Rounding error alone makes a control diverge. */
  | 'controls-break'
  /** Rounding error alone changes the loss nearly as much as training does. */
  | 'noisy'
  /** Alpha alone changes the loss by no more than rounding error. */
  | 'alpha-too'
  /** No difference, but the plan changes a number otherwise than the rule. */
  | 'departs'
  /** The plan's powers are proven, and rounding error alone moves its curve away. */
  | 'drifts'
  /** No difference, but the rule should give the baseline's bits and does not. */
  | 'bits-lost'
  /** No rule is known for the optimizer, so nothing says what another scaling needs. */
  | 'no-rule'
  /** No difference, but the file keeps the plan from being exact (`claimed`, as the next two). */
  | 'not-exact'
  /** No difference, but a part of the file was not understood. */
  | 'not-understood'
  /** No difference, but the plan is only nearly exact for this file. */
  | 'nearly';

/** The baseline's loss must change by this many times the rounding error. */
const CLEAR_OF_ROUNDING = 10;

/** A loss that grows by this factor has diverged; it soon exceeds float32. */
const EXPLODED = 1e4;

interface JudgedRuns {
  base: readonly number[];
  /** Number of mini-batches. Their losses differ even if nothing is learned. */
  batches: number;
  controls: readonly (readonly number[])[];
  limits: Pick<Limits, 'least' | 'noise' | 'needed'>;
  alphaOnly: number | null;
  /** Whether the rescaled run has the baseline's bits; that cannot be chance. */
  isIdentical: boolean;
}

/** Why these runs decide nothing, or null. */
export function undecidedBy({
  base,
  batches,
  controls,
  limits: { least, noise, needed },
  alphaOnly,
  isIdentical,
}: JudgedRuns): Undecided | null {
  const [first] = base;
  if (first === undefined) return 'no-points';
  const broken = breakOf(base);
  if (broken) return broken.what === 'nan' ? 'nan' : 'infinite';
  const top = largest(base);
  if (!isIdentical && top > EXPLODED * Math.abs(first)) return 'explodes';
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
