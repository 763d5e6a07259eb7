import type { Claim } from '../../config/plan/claim';
import { rowUnder } from '../../recipe/optimizers/early-steps';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import { breakOf, type Break, largest, runsOfDraw, type DrawRuns, type TrainedVariant } from './deviations';
import type { MovedNumber, ExperimentSpec, RunResult, VariantRole, VariantSpec } from '../spec';
import { evenScaling } from '../variants/proof';
import { departuresOf, type Departure } from '../variants/rule';
import { limitsOf, undecidedBy, type Undecided } from './undecided';
import { TOLERANCE } from '../../recipe/compare/ratio';
import { moveNumbers } from '../variants/numbers';

/** From the best to the worst. */
const KINDS = ['identical', 'equivalent', 'undecided', 'different'] as const;
export type VerdictKind = (typeof KINDS)[number];

/** Whether training shows the same run. */
export function isAgreed(kind: VerdictKind): boolean {
  return kind === 'identical' || kind === 'equivalent';
}

/** A run at a scaling where no number is rounded. */
export interface Proof {
  /** Factor of the scaling. */
  k: number;
  /** Whether every loss has the baseline's bits. */
  identical: boolean;
  deviation: number;
}

export interface Verdict {
  kind: VerdictKind;
  /** The largest relative deviation of each variant's loss from its baseline over the run. */
  deviations: number[];
  /** The largest deviation of a control: the rounding error. */
  envelope: number;
  /** The rounding error of the rule itself at other scalings; null if the controls suffice. */
  drift: number | null;
  /** The first step (from 1) at which the rescaled run exceeds the rounding error, or null. */
  firstStep: number | null;
  /** The plan's powers at a scaling where rescaling adds no rounding error; null if there is no such run. */
  proof: Proof | null;
  /** The rule at that scaling; null if the plan has the rule's powers, or if the rule does not fix every number. */
  ruleProof: Proof | null;
  /** Numbers that the plan changes differently from the rule. */
  departures: readonly Departure[];
  /** Numbers that have no effect on this run, so that it cannot test them. */
  unseen: readonly MovedNumber[];
  /** The first step without a finite loss, of the baseline or the rescaled run. */
  broken: Break | null;
  /** Index of the draw that decided, and the number of draws. */
  draw: number;
  draws: number;
  /** Number of digits to which the run as written follows the baseline; null if writing rounds nothing. */
  asWrittenDigits: number | null;
  /** Numbers with so few digits that the written file is another run. */
  coarse: readonly Coarse[];
  /** Set if `kind` is `undecided`. */
  reason?: Undecided;
  /** Why the plan is not the same run although training shows no difference. */
  claim?: Claim;
}

type ComparedResult = Pick<RunResult, 'losses'> & Partial<Pick<RunResult, 'losesBits'>>;

/**
 * First by bits, then by the rounding error if bits cannot agree. Each draw is compared with its own baseline and
 * controls; the worst draw is the verdict.
 * @param row the rule that the plan claims to follow
 */
export function runVerdict(spec: ExperimentSpec, result: ComparedResult, row = rowOf(spec)): Verdict {
  const draws = [...new Set(spec.variants.map(({ draw }) => draw))];
  const curves = draws.map((draw) => runsOfDraw(spec, result, draw));
  const deviations = spec.variants.map((_, i) => largest(curves.flatMap(({ all }) => all.get(i) ?? [])));
  const verdicts = curves.map((own) => drawVerdict(row, own, result.losesBits ?? false));
  const rank = (of: Pick<Verdict, 'kind'>): number => KINDS.indexOf(of.kind);
  const apart = (of: Pick<Verdict, 'draw'>): number =>
    largest(deviations.filter((_, i) => spec.variants[i]?.role === 'rescaled' && spec.variants[i].draw === of.draw));
  const [worst] = verdicts.toSorted((one, other) => rank(other) - rank(one) || apart(other) - apart(one));
  if (!worst) throw new Error('a spec without variants has no verdict');
  const agreed = isAgreed(worst.kind);
  return {
    ...worst,
    deviations,
    draws: draws.length,
    // The maximum over all draws if they agree. The rule and unseen numbers are tested on the first draw alone.
    envelope: agreed ? largest(verdicts.map(({ envelope }) => envelope)) : worst.envelope,
    drift: agreed ? most(verdicts.flatMap(({ drift }) => drift ?? [])) : worst.drift,
    ruleProof: worst.ruleProof ?? first(verdicts.map(({ ruleProof }) => ruleProof)),
    unseen: [...new Set(verdicts.flatMap(({ unseen }) => unseen))],
  };
}

function drawVerdict(
  row: OptimizerRow | undefined,
  curves: DrawRuns,
  losesBits: boolean,
): Omit<Verdict, 'deviations' | 'draws'> {
  const { base, of, draw } = curves;
  const worst = (role: VariantRole): number | null => most(of(role).map(({ deviation }) => deviation));
  const rescaled = of('rescaled');
  const envelope = worst('control') ?? 0;
  const isIdentical = rescaled.every(({ deviation }) => deviation === 0);
  // Without a rule there is nothing to prove.
  const proof = row?.noRule ? null : proofOf(curves);
  const written = worst('as-written');
  const found = {
    draw,
    envelope,
    drift: worst('rounded-rule'),
    firstStep: null,
    proof,
    ruleProof: proofAt(base, of('rule')),
    // A sweep has departures for every alpha.
    departures: row ? rescaled.flatMap(({ variant }) => departuresOf(base.variant, variant, row)).slice(0, 8) : [],
    unseen: unseenOf(of('wrong-number')),
    broken: breakOf(base.losses) ?? first(rescaled.map(({ losses }) => breakOf(losses))),
    asWrittenDigits: written === null ? null : Math.max(0, Math.min(15, Math.floor(-Math.log10(written)))),
    // Of two configs, `as-written` is trained only where the comparison found its numbers the same.
    coarse: (base.variant.config === undefined ? rescaled : []).flatMap((exact) =>
      of('as-written').flatMap((one) => coarseNumbers(exact.variant, one.variant)),
    ),
  };
  const undecided = (reason: Undecided) => ({ ...found, kind: 'undecided', reason }) as const;
  // If the powers give the baseline's bits where rescaling adds no rounding error, they are right, and any difference elsewhere is
  // rounding.
  const isProven = proof?.identical === true && found.departures.length === 0;
  const limits = limitsOf(base.losses.length, envelope, found.drift, isIdentical, isProven);
  const { limit } = limits;
  const controls = of('control').map(({ losses }) => losses);
  const reason = undecidedBy(base.losses, curves.batches, controls, limits, worst('alpha-only'), isIdentical);
  if (reason) return undecided(reason);
  const firstStep = firstStepBeyond([...rescaled, ...of('proof')], limit);
  if (firstStep !== null && isProven) return undecided('drifts');
  if (firstStep !== null) return { ...found, kind: 'different', firstStep };
  // Within the rounding error. Whether the plan is exact now depends on its powers and their bits.
  if (row?.noRule && rescaled.some(({ variant }) => variant.scaling !== base.variant.scaling))
    return undecided('no-rule');
  if (found.departures.length > 0) return undecided('departs');
  if (proof && !proof.identical && row?.exactness === 'exact' && !losesBits) return undecided('bits-lost');
  // The run as written is what will be trained, so the worse of the two is the answer.
  if (found.coarse.length > 0) {
    return { ...found, kind: 'different', firstStep: firstStepBeyond(of('as-written'), limit) };
  }
  return { ...found, kind: isIdentical ? 'identical' : 'equivalent' };
}

/** The plan at a scaling where rescaling adds no rounding error: the proof, or the plan itself if it has such a k. */
function proofOf({ base, of }: DrawRuns): Proof | null {
  const isOwn = ({ variant }: TrainedVariant): boolean =>
    variant.scaling !== base.variant.scaling &&
    evenScaling(base.variant, variant) === variant.scaling / base.variant.scaling;
  return proofAt(base, of('proof')) ?? proofAt(base, of('rescaled').filter(isOwn));
}

function proofAt(base: TrainedVariant, curves: readonly TrainedVariant[]): Proof | null {
  const [one] = curves.toSorted((one, other) => other.deviation - one.deviation);
  if (!one) return null;
  return { k: one.variant.scaling / base.variant.scaling, identical: one.deviation === 0, deviation: one.deviation };
}

function unseenOf(wrong: readonly TrainedVariant[]): MovedNumber[] {
  const alike = wrong.filter(({ deviation }) => deviation === 0);
  return [...new Set(alike.flatMap(({ variant }) => variant.wrong?.what ?? []))];
}

/** The first step (from 1) at which any of these curves exceeds the limit. */
function firstStepBeyond(curves: readonly TrainedVariant[], limit: number): number | null {
  const beyond = curves.map(({ steps }) => steps.findIndex((deviation) => deviation > limit) + 1);
  const steps = beyond.filter((step) => step > 0);
  return steps.length === 0 ? null : Math.min(...steps);
}

function rowOf({ optimizer: { row: id, betas } }: ExperimentSpec): OptimizerRow | undefined {
  const row = optimizerRow(id);
  return row && rowUnder(row, betas);
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : largest(values);
}

function first<T>(values: readonly (T | null)[]): T | null {
  return values.find((value) => value !== null) ?? null;
}

interface Coarse {
  what: MovedNumber | 'scaling';
  written: number;
  exact: number;
}

/** A comparison of two files multiplies up to two written numbers. */
const COARSEST = TOLERANCE / 2;

/** The numbers for which a comparison of both files would say "different". */
function coarseNumbers(exact: VariantSpec, written: VariantSpec): Coarse[] {
  const found = new Map<Coarse['what'], Coarse>();
  const look = (from: number, to: number, what: Coarse['what']): number => {
    const isCoarse = from !== 0 && Math.abs(to / from - 1) > COARSEST;
    if (isCoarse && !found.has(what)) found.set(what, { what, written: to, exact: from });
    return to;
  };
  look(exact.scaling, written.scaling, 'scaling');
  moveNumbers(exact, written, look);
  return [...found.values()];
}

/**
 * Limits the verdict of the small model to what holds for the user's run: it is the same run only if the plan is exact
 * and the whole file was understood. Training cannot find a misreading, because it trains what was read.
 */
export function claimed(verdict: Verdict, claim: Claim): Verdict {
  if (!isAgreed(verdict.kind)) return verdict;
  const limited = (reason: Undecided): Verdict => ({ ...verdict, kind: 'undecided', reason, claim });
  if (claim.asRead === 'approximate') return limited('not-exact');
  if (claim.notUnderstood.length > 0) return limited('not-understood');
  return claim.asRead === 'nearly' ? limited('nearly') : verdict;
}
