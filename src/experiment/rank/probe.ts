import type { Recipe } from '../../recipe/recipe';
import type { RankPlan } from '../../recipe/rank/plan';
import { sharesOf } from '../cost/shares';
import type { ExperimentSpec, TrainedRun } from '../spec';
import { rowOf } from '../specs/spec-for';
import { bestRate, firstValley, mean, measured, openEnd, regretAt, type Measured, type RateCurve } from './measured';
import { controlSpec, rankSpec, ratesAround, searchedRates, trainedRanks, type ProbeSize } from './specs';

/** Trains a spec. `onStep` hears of the steps done. */
type Train = (spec: ExperimentSpec, onStep: (step: number) => void) => Promise<Pick<TrainedRun, 'losses' | 'stopped'>>;

/** Ends a test whose training was stopped. */
class Stopped extends Error {}

/** What a plan was seen to do. `regret`: of its learning rate at its alpha, where that of the present rank is at its best. */
export interface MeasuredPlan {
  plan: RankPlan;
  transfer: Measured;
  regret: number;
}

export interface Probe {
  /** Ranks of the model. */
  ranks: { from: number; to: number };
  size: ProbeSize;
  /** The losses at the present rank, and at the new one at each scaling. */
  from: RateCurve;
  to: readonly { scaling: number; curve: RateCurve }[];
  plans: readonly MeasuredPlan[];
  /** The largest relative difference of the control's last loss; null where there is no control. */
  control: number | null;
}

/** A control that is further off than this says that the model, not the rank, moves the loss. Seen: up to 4e-5. */
export const CONTROL_HOLDS = 1e-3;

export interface ProbeOptions {
  size: ProbeSize;
  seed?: number;
  train: Train;
  /** Hears of the steps done in all; {@link trainings} times the steps are foreseen. */
  onDone?: (steps: number) => void;
}

const untold = (): void => undefined;

/** The variants that train at once: more would take too much memory. */
const AT_ONCE = 40;

/** Learning rates that are added at an end where the curve has not risen, at a time, and how often. */
const [FURTHER, OFTEN] = [2, 3];

/** The losses at a rank and a scaling over the learning rates around the best, which a first search finds. */
export async function rateCurve(
  recipe: Recipe,
  rank: number,
  scaling: number,
  { size, train, ...options }: ProbeOptions,
): Promise<RateCurve> {
  const at = async (rates: readonly number[], draws = size.draws): Promise<RateCurve> => {
    const spec = rankSpec(recipe, rank, scaling, rates, { ...size, draws }, { backend: 'auto', ...options });
    const losses: (readonly number[])[] = [];
    for (const share of sharesOf(spec, Math.ceil(spec.variants.length / AT_ONCE)))
      losses.push(...(await train(share.spec, untold)).losses);
    return curveOf(spec, losses, rates);
  };
  const pilot = await at(searchedRates(rowOf(recipe)), 1);
  let curve = await at(ratesAround(Math.round(firstValley(pilot)), size));
  for (let times = 0; times < OFTEN; times++) {
    const side = openEnd(curve);
    if (side === null) break;
    const last = curve.points.at(side < 0 ? 0 : -1)?.rate ?? 0;
    const further = await at(Array.from({ length: FURTHER }, (_, i) => last + side * (i + 1) * size.octaves));
    const points = [...curve.points, ...further.points].toSorted((one, other) => one.rate - other.rate);
    curve = { ...curve, points };
  }
  return curve;
}

/**
 * Measures where the best learning rate goes between two ranks, at the alpha of every plan.
 * @returns null without plans, and where the training was stopped
 * @throws Error where the recipe's optimizer is unknown or sets its learning rate itself
 */
export async function probe(recipe: Recipe, plans: readonly RankPlan[], options: ProbeOptions): Promise<Probe | null> {
  const { train, onDone = untold } = options;
  const [first] = plans;
  if (!first) return null;
  let before = 0;
  const counting: Train = async (spec) => {
    const trained = await train(spec, (step) => onDone(before + step));
    if (trained.stopped) throw new Stopped();
    onDone((before += spec.steps));
    return trained;
  };
  const counted = { ...options, train: counting };
  const { scaling } = first.from;
  try {
    const ranks = trainedRanks(first.from.rank, first.to.rank);
    const from = await rateCurve(recipe, ranks.from, scaling, counted);
    const to: Probe['to'][number][] = [];
    for (const each of scalingsOf(plans))
      to.push({ scaling: each, curve: await rateCurve(recipe, ranks.to, each, counted) });
    const small = ranks.from < ranks.to ? { scaling, curve: from } : to[0];
    const control = small ? await controlOf(recipe, small, ranks, counted) : null;
    const seen = plans.flatMap((plan): MeasuredPlan[] => {
      const curve = to.find((each) => each.scaling === plan.to.scaling)?.curve;
      const moved = bestRate(from) + Math.log2(plan.lrFactor);
      return curve ? [{ plan, transfer: measured(from, curve), regret: regretAt(curve, moved) }] : [];
    });
    return { ranks, size: options.size, from, to, plans: seen, control };
  } catch (error) {
    if (error instanceof Stopped) return null;
    throw error;
  }
}

/** The scalings that are trained at the new rank. */
const scalingsOf = (plans: readonly RankPlan[]): number[] => [...new Set(plans.map(({ to }) => to.scaling))];

/** How many trainings {@link probe} needs: at each place a search and its curve, and the control. */
export const trainings = (plans: readonly RankPlan[]): number => 2 * (1 + scalingsOf(plans).length) + 1;

/** The mean loss of the last pass over the mini-batches, of each variant. */
const endsOf = ({ batches }: ExperimentSpec, losses: readonly (readonly number[])[]): number[] =>
  losses.map((curve) => mean(curve.slice(-batches)));

function curveOf(spec: ExperimentSpec, losses: readonly (readonly number[])[], rates: readonly number[]): RateCurve {
  const ends = endsOf(spec, losses);
  // Of each draw the rates, and 0.
  const at = (i: number): number[] => spec.seeds.map((_, draw) => ends[draw * (rates.length + 1) + i] ?? NaN);
  return { points: rates.map((rate, i) => ({ rate, losses: at(i) })), starts: at(rates.length) };
}

/**
 * How far A's rows repeated are off, at the lowest learning rate: near the best one training amplifies rounding to
 * percents, four octaves below it does not, and a wrong number still shows.
 */
export async function controlOf(
  recipe: Recipe,
  { scaling, curve }: Probe['to'][number],
  ranks: Probe['ranks'],
  { size, train, ...options }: ProbeOptions,
): Promise<number | null> {
  const { rate, losses } = curve.points[0] ?? { rate: 0, losses: [] };
  const small = Math.min(ranks.from, ranks.to);
  const spec = rankSpec(recipe, small, scaling, [rate], size, { backend: 'auto', ...options });
  const control = controlSpec(spec, recipe, Math.max(ranks.from, ranks.to));
  if (!control) return null;
  const ends = endsOf(control, (await train(control, untold)).losses);
  return Math.max(...ends.map((end, draw) => Math.abs(end / (losses[draw] ?? NaN) - 1)));
}
