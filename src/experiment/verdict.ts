import type { Claim } from '../config/claim';
import { rowUnder } from '../recipe/optimizers/early-steps';
import { optimizerRow } from '../recipe/optimizers/optimizers';
import type { OptimizerRow } from '../recipe/optimizers/optimizer-row';
import { breakOf, type Break, largest } from './judge/deviations';
import { coarseNumbers, type Coarse } from './judge/coarse';
import type { MovedNumber, ExperimentSpec, RunResult, VariantRole } from './spec';
import { evenScaling } from './variants/proof';
import { departuresOf, type Departure } from './variants/rule';
import { runsOfDraw, type DrawRuns, type TrainedVariant } from './judge/runs-of-draw';
import { leastLimit, undecidedBy, type Undecided } from './judge/undecided';

export type VerdictKind = 'identical' | 'equivalent' | 'different' | 'undecided';

/** A run at a scaling where nothing rounds. */
export interface Proof {
  /** Factor of the scaling. */
  k: number;
  /** Every loss has the base's bits. */
  identical: boolean;
  deviation: number;
}

export interface Verdict {
  kind: VerdictKind;
  /** Per variant: the largest relative deviation of the loss from its base's over the run. */
  deviations: number[];
  /** The largest deviation among the controls: how far rounding alone drifts here. */
  envelope: number;
  /** How far rounding carries the rule itself at scalings where it rounds; null where the controls can tell. */
  drift: number | null;
  /** First step (from 1) at which the rescaled run leaves the envelope; null where it does not. */
  firstStep: number | null;
  /** The plan's own powers at a scaling where nothing rounds; null where there is no such run. */
  proof: Proof | null;
  /** The rule's own twin there; null where the plan's powers are the rule's, or no rule fixes every number. */
  rule: Proof | null;
  /** What the plan moves otherwise than the rule. */
  departures: readonly Departure[];
  /** Numbers that this run would not notice if they were left alone. */
  unseen: readonly MovedNumber[];
  /** Where the run in question, or the rescaled one, stops being numbers. */
  broken: Break | null;
  /** The seed's place in the spec whose runs decided, and how many draws there were. */
  draw: number;
  draws: number;
  /** To how many digits the numbers as they will be written follow the base; null where rounding changes none. */
  asWrittenDigits: number | null;
  /** Numbers that are written so coarsely that the written file is another run. */
  coarse: readonly Coarse[];
  /** Set where `kind` is `undecided`. */
  reason?: Undecided;
  /** What keeps the plan from being the same run, where the training shows no difference. */
  claim?: Claim;
}

/** How many times further than the largest control a right run may drift. */
const ALLOWANCE = 4;

/** Alpha alone that moves the loss by a per cent makes another run, however far rounding goes beside it. */
const ANOTHER_RUN = 0.01;

/** One sentence tells of no more; a sweep has those of every alpha. */
const MOST_DEPARTURES = 8;

/** From the best to the worst. */
const KINDS: readonly VerdictKind[] = ['identical', 'equivalent', 'undecided', 'different'];

type JudgedResult = Pick<RunResult, 'losses'> & Partial<Pick<RunResult, 'losesBits'>>;

/**
 * What a run shows: by bits first, then by the controls' drift where bits cannot agree. Each draw is judged against its
 * own base and its own controls, and the worst of them is the verdict.
 * @param row the rule that the plan claims to follow
 */
export function judge(spec: ExperimentSpec, result: JudgedResult, row = rowOf(spec)): Verdict {
  const draws = [...new Set(spec.variants.map(({ draw }) => draw))];
  const curves = draws.map((draw) => runsOfDraw(spec, result, draw));
  const deviations = spec.variants.map((_, i) => largest(curves.flatMap(({ all }) => all.get(i) ?? [])));
  const verdicts = curves.map((own) => judgeDraw(row, own, result.losesBits ?? false));
  const rank = ({ kind }: { kind: VerdictKind }): number => KINDS.indexOf(kind);
  const apart = ({ draw }: { draw: number }): number =>
    largest(deviations.filter((_, i) => spec.variants[i]?.role === 'rescaled' && spec.variants[i].draw === draw));
  const [worst] = verdicts.toSorted((one, other) => rank(other) - rank(one) || apart(other) - apart(one));
  if (!worst) throw new Error('a spec without variants cannot be judged');
  const isAgreed = worst.kind === 'identical' || worst.kind === 'equivalent';
  return {
    ...worst,
    deviations,
    draws: draws.length,
    // Said of all draws where they agree. The rule, and what a run would not notice, are looked at on the first alone.
    envelope: isAgreed ? largest(verdicts.map(({ envelope }) => envelope)) : worst.envelope,
    drift: isAgreed ? most(verdicts.flatMap(({ drift }) => drift ?? [])) : worst.drift,
    rule: worst.rule ?? first(verdicts.map(({ rule }) => rule)),
    unseen: [...new Set(verdicts.flatMap(({ unseen }) => unseen))],
  };
}

function judgeDraw(
  row: OptimizerRow | undefined,
  curves: DrawRuns,
  losesBits: boolean,
): Omit<Verdict, 'deviations' | 'draws'> {
  const { base, of, draw } = curves;
  const worst = (role: VariantRole): number | null => most(of(role).map(({ deviation }) => deviation));
  const rescaled = of('rescaled');
  const controls = of('control');
  const envelope = worst('control') ?? 0;
  const least = leastLimit(base.losses.length);
  const isIdentical = rescaled.every(({ deviation }) => deviation === 0);
  // Without a rule there is nothing that a run could prove.
  const proof = row?.rule === 'none' ? null : proofOf(curves);
  const written = worst('as-written');
  const found = {
    draw,
    envelope,
    drift: worst('twin'),
    firstStep: null,
    proof,
    rule: proofAt(base, of('rule')),
    departures: row
      ? rescaled.flatMap(({ variant }) => departuresOf(base.variant, variant, row)).slice(0, MOST_DEPARTURES)
      : [],
    unseen: unseenOf(of('forgetful')),
    broken: breakOf(base.losses) ?? first(rescaled.map(({ losses }) => breakOf(losses))),
    asWrittenDigits: written === null ? null : digitsOf(written),
    coarse: rescaled.flatMap((exact) => of('as-written').flatMap((one) => coarseNumbers(exact.variant, one.variant))),
  };
  const undecided = (reason: Undecided) => ({ ...found, kind: 'undecided', reason }) as const;
  // Powers that give the base's bits where nothing rounds are right: what parts the runs elsewhere is rounding.
  const isProven = proof?.identical === true && found.departures.length === 0;
  const rounding = isProven ? Math.max(envelope, found.drift ?? 0) : envelope;
  const limit = Math.max(ALLOWANCE * rounding, least);
  const needed = isIdentical ? Math.max(envelope, least) : limit;

  const reason = undecidedBy({
    base: base.losses,
    batches: curves.batches,
    controls: controls.map(({ losses }) => losses),
    // Bits tell where curves cannot: the wilder the run, the less they agree by chance.
    noise: isIdentical || isProven ? least : limit,
    needed: isProven ? Math.min(needed, ANOTHER_RUN) : needed,
    alphaOnly: worst('alpha-only'),
    isIdentical,
  });
  if (reason) return undecided(reason);
  const firstStep = firstStepBeyond([...rescaled, ...of('proof')], limit);
  if (firstStep !== null && isProven) return undecided('drifts');
  if (firstStep !== null) return { ...found, kind: 'different', firstStep };
  // Inside the envelope. Whether the plan is exact is then a matter of its powers, and of their bits.
  if (row?.rule === 'none' && rescaled.some(({ variant }) => variant.scaling !== base.variant.scaling))
    return undecided('no-rule');
  if (found.departures.length > 0) return undecided('departs');
  if (proof && !proof.identical && row?.exactness === 'exact' && !losesBits) return undecided('bits-lost');
  // What is written is what will be trained: the worse of the two is the answer.
  if (found.coarse.length > 0) {
    return { ...found, kind: 'different', firstStep: firstStepBeyond(of('as-written'), limit) };
  }
  return { ...found, kind: isIdentical ? 'identical' : 'equivalent' };
}

/** The plan where nothing rounds: the twin made of its powers, or the plan itself where it stands at one. */
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

/** The numbers whose absence changes no bit. */
function unseenOf(forgetful: readonly TrainedVariant[]): MovedNumber[] {
  const alike = forgetful.filter(({ deviation }) => deviation === 0);
  return [...new Set(alike.flatMap(({ variant }) => variant.wrong?.what ?? []))];
}

/** The step at which the first of them leaves. */
function firstStepBeyond(curves: readonly TrainedVariant[], limit: number): number | null {
  const steps = curves.flatMap(({ steps }) => {
    const step = steps.findIndex((deviation) => deviation > limit);
    return step < 0 ? [] : [step + 1];
  });
  return steps.length === 0 ? null : Math.min(...steps);
}

function rowOf({ optimizer: { row: id, betas } }: ExperimentSpec): OptimizerRow | undefined {
  const row = optimizerRow(id);
  return row && rowUnder(row, betas);
}

function digitsOf(deviation: number): number {
  return Math.max(0, Math.min(15, Math.floor(-Math.log10(deviation))));
}

function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : largest(values);
}

function first<T>(values: readonly (T | null)[]): T | null {
  return values.find((value) => value !== null) ?? null;
}
