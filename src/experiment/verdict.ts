import type { ExperimentSpec, RunResult, VariantRole } from './spec';

export type VerdictKind = 'identical' | 'equivalent' | 'different' | 'undecided';

/** Why a run decides nothing. */
export type Undecided = 'no-points' | 'diverged' | 'still' | 'noisy' | 'alpha-too';

export interface Verdict {
  kind: VerdictKind;
  /** Per variant: the largest relative deviation of the loss from the base's over the run. */
  deviations: number[];
  /** The largest deviation among the controls: how far rounding alone drifts here. */
  envelope: number;
  /** First step (from 1) at which the rescaled run leaves the envelope; null where it does not. */
  firstStep: number | null;
  /** The twin at a power of four, and whether it has the base's bits; null where none was trained. */
  proof: { k: number; identical: boolean } | null;
  /** To how many digits the numbers as they will be written follow the base; null where rounding changes none. */
  asWrittenDigits: number | null;
  /** Set where `kind` is `undecided`. */
  reason?: Undecided;
}

/** A correct twin was seen up to twice, once eight times, as far out as a single control; the largest of six is taken. */
const ALLOWANCE = 4;

/** One rounding to float32, relatively, at most. */
const ROUNDING = 2 ** -24;

/** A base whose loss does not move so many times further than rounding can, shows nothing. */
const CLEAR_OF_ROUNDING = 10;

/** What a run shows, judged by bits first and by the controls' drift where bits cannot agree. */
export function judge(spec: ExperimentSpec, { losses }: Pick<RunResult, 'losses'>): Verdict {
  const base = losses[indexOf(spec, 'base')] ?? [];
  const deviations = spec.variants.map((_, i) => largest(deviationsOf(losses[i] ?? [], base)));
  const worst = (role: VariantRole): number | null => {
    const found = deviations.filter((_, i) => spec.variants[i]?.role === role);
    return found.length === 0 ? null : largest(found);
  };

  const envelope = worst('control') ?? 0;
  const limit = Math.max(ALLOWANCE * envelope, leastLimit(base.length));
  const rescaled = worst('rescaled') ?? 0;
  const proof = worst('proof');
  const written = worst('as-written');
  const verdict = {
    deviations,
    envelope,
    firstStep: null,
    proof: proof === null ? null : { k: scalingRatio(spec), identical: proof === 0 },
    asWrittenDigits: written === null ? null : digitsOf(written),
  };

  // Where bits agree no allowance is needed: alpha alone has to lie further out than any control, that is all.
  const needed = rescaled === 0 ? Math.max(envelope, leastLimit(base.length)) : limit;
  const reason = undecidedBy(base, rescaled === 0 ? leastLimit(base.length) : limit, needed, worst('alpha-only'));
  if (reason) return { ...verdict, kind: 'undecided', reason };
  if (rescaled === 0) return { ...verdict, kind: 'identical' };
  if (rescaled <= limit && (proof ?? 0) <= limit) return { ...verdict, kind: 'equivalent' };
  return { ...verdict, kind: 'different', firstStep: firstStepBeyond(spec, losses, base, limit) };
}

/** |loss − base| / |base| at every step. Two numbers that are both no number count as alike. */
export function deviationsOf(losses: readonly number[], base: readonly number[]): number[] {
  return losses.map((loss, step) => {
    const reference = base[step] ?? Number.NaN;
    if (Object.is(loss, reference)) return 0;
    const deviation = Math.abs(loss - reference) / Math.abs(reference);
    return Number.isNaN(deviation) ? Number.POSITIVE_INFINITY : deviation;
  });
}

/**
 * @param noise what the base's loss has to move clear of
 * @param needed how far out alpha alone has to lie
 */
function undecidedBy(
  base: readonly number[],
  noise: number,
  needed: number,
  alphaOnly: number | null,
): Undecided | null {
  const [first] = base;
  if (first === undefined) return 'no-points';
  if (!base.every(Number.isFinite)) return 'diverged';
  const move = (largest(base) - base.reduce((least, loss) => Math.min(least, loss), first)) / Math.abs(first);
  const isMoving = (least: number): boolean => base.length === 1 || move > CLEAR_OF_ROUNDING * least;
  if (!isMoving(leastLimit(base.length))) return 'still';
  if (!isMoving(noise)) return 'noisy';
  return alphaOnly !== null && alphaOnly <= needed ? 'alpha-too' : null;
}

/** Of the variants that should follow the base, the step at which the first leaves. */
function firstStepBeyond(
  { variants }: ExperimentSpec,
  losses: readonly number[][],
  base: readonly number[],
  limit: number,
): number | null {
  const steps = variants.flatMap(({ role }, i) => {
    if (role !== 'rescaled' && role !== 'proof') return [];
    const step = deviationsOf(losses[i] ?? [], base).findIndex((deviation) => deviation > limit);
    return step < 0 ? [] : [step + 1];
  });
  return steps.length === 0 ? null : Math.min(...steps);
}

function scalingRatio({ variants }: ExperimentSpec): number {
  const scaling = (role: VariantRole): number => variants.find((variant) => variant.role === role)?.scaling ?? 1;
  return scaling('proof') / scaling('base');
}

function indexOf({ variants }: ExperimentSpec, role: VariantRole): number {
  return variants.findIndex((variant) => variant.role === role);
}

/**
 * What rounding can do at the least: a few units on the loss, and half a unit a step on the weights. The controls start
 * on nearly the base's mantissas and so miss the part of it that always errs to the same side (seen with AdamW at rates
 * so small that lr·decay is a few roundings: thirty times the controls).
 */
function leastLimit(steps: number): number {
  return ROUNDING * Math.max(16, steps / 2);
}

function digitsOf(deviation: number): number {
  return Math.max(0, Math.min(15, Math.floor(-Math.log10(deviation))));
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
