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

/** One rounding to float32, relatively, at most. */
const ROUNDING = 2 ** -24;

/** A base whose loss does not move so many times further than rounding can, shows nothing. */
const CLEAR_OF_ROUNDING = 10;

/** A loss that grows by so much learns nothing, and soon leaves float32: sooner where gradients are larger. */
const EXPLODED = 1e4;

interface JudgedRuns {
  base: readonly number[];
  /** Mini-batches, taken in turn: their losses differ, whether anything is learned or not. */
  batches: number;
  controls: readonly (readonly number[])[];
  /** What the base's loss has to move clear of. */
  noise: number;
  /** How far out alpha alone has to lie. */
  needed: number;
  alphaOnly: number | null;
  /** Whether the rescaled run has the base's bits: then chance has no part in it. */
  isIdentical: boolean;
}

/** Why nothing can be read from these runs, or null. */
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

/** How far the loss goes on one mini-batch; on the one on which it goes furthest. */
function moveOf(losses: readonly number[], batches: number): number {
  const ranges = Array.from({ length: batches }, (_, batch) => {
    const own = losses.filter((_, step) => step % batches === batch);
    return largest(own) - own.reduce((least, loss) => Math.min(least, loss), Number.POSITIVE_INFINITY);
  });
  return Math.max(...ranges.filter(Number.isFinite));
}

/**
 * What rounding can do at the least: a few units on the loss, and half a unit a step on the weights. The controls start
 * on nearly the base's mantissas and so miss the part of it that always errs to the same side (seen with AdamW at rates
 * so small that lr·decay is a few roundings: thirty times the controls).
 */
export function leastLimit(steps: number): number {
  return ROUNDING * Math.max(16, steps / 2);
}
