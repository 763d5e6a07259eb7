import type { Recipe } from '../../recipe/recipe';
import type { RankPlan } from '../../recipe/rank/plan';
import { sharesOf } from '../cost/shares';
import type { ExperimentSpec } from '../spec';
import { rowOf } from '../specs/spec-for';
import { bestRate, firstValley, measured, openEnd, regretAt, type Measured, type RateCurve } from './measured';
import { controlSpec, rankSpec, ratesAround, searchedRates, trainedRanks, type ProbeSize } from './specs';

/** Trains a spec: losses[variant][step]. */
type Train = (spec: ExperimentSpec) => Promise<readonly (readonly number[])[]>;

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
}

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
      losses.push(...(await train(share.spec)));
    return curveOf(spec, losses, rates);
  };
  const pilot = await at(searchedRates(rowOf(recipe)), 1);
  let curve = await at(ratesAround(Math.round(firstValley(pilot)), size));
  for (let times = 0; times < OFTEN; times++) {
    const side = openEnd(curve);
    if (side === null) break;
    const last = curve.rates.at(side < 0 ? 0 : -1) ?? 0;
    const further = Array.from({ length: FURTHER }, (_, i) => last + side * (i + 1) * size.octaves);
    curve = side < 0 ? joined(await at(further.toReversed()), curve) : joined(curve, await at(further));
  }
  return curve;
}

const joined = (low: RateCurve, high: RateCurve): RateCurve => ({
  ...high,
  rates: [...low.rates, ...high.rates],
  draws: low.draws.map((losses, draw) => [...losses, ...(high.draws[draw] ?? [])]),
});

/**
 * Measures where the best learning rate goes between two ranks, at the alpha of every plan.
 * @throws Error where the recipe's optimizer is unknown or sets its learning rate itself
 */
export async function probe(recipe: Recipe, plans: readonly RankPlan[], options: ProbeOptions): Promise<Probe | null> {
  const [first] = plans;
  if (!first) return null;
  const { size } = options;
  const ranks = trainedRanks(first.from.rank, first.to.rank);
  const scalings = scalingsOf(plans);
  const curveAt = (rank: number, scaling: number): Promise<RateCurve> => rateCurve(recipe, rank, scaling, options);
  const from = await curveAt(ranks.from, first.from.scaling);
  const to: { scaling: number; curve: RateCurve }[] = [];
  for (const scaling of scalings) to.push({ scaling, curve: await curveAt(ranks.to, scaling) });
  const found = to.map(({ curve }) => measured(from, curve));
  const small = ranks.from < ranks.to ? { scaling: first.from.scaling, curve: from } : to[0];
  return {
    ...{ ranks, size, from, to },
    plans: plans.flatMap((plan): MeasuredPlan[] => {
      const i = scalings.indexOf(plan.to.scaling);
      const [transfer, at] = [found[i], to[i]];
      if (!transfer || !at) return [];
      const moved = plan.to.lr && plan.from.lr ? Math.log2(plan.to.lr / plan.from.lr) : 0;
      return [{ plan, transfer, regret: regretAt(at.curve, bestRate(from) + moved) }];
    }),
    control: small ? await controlOf(recipe, small, ranks, options) : null,
  };
}

/** The scalings that are trained at the new rank. */
const scalingsOf = (plans: readonly RankPlan[]): number[] => [...new Set(plans.map(({ to }) => to.scaling))];

/** How many trainings {@link probe} needs: at each place a search and its curve, and the control. */
export const trainings = (plans: readonly RankPlan[]): number => 2 * (1 + scalingsOf(plans).length) + 1;

/** The mean loss of the last pass over the mini-batches, of each variant. */
function endsOf({ batches }: ExperimentSpec, losses: readonly (readonly number[])[]): number[] {
  return losses.map((curve) => curve.slice(-batches).reduce((sum, loss) => sum + loss, 0) / batches);
}

function curveOf(spec: ExperimentSpec, losses: readonly (readonly number[])[], rates: readonly number[]): RateCurve {
  const ends = endsOf(spec, losses);
  const size = rates.length + 1;
  const draws = spec.seeds.map((_, draw) => ends.slice(draw * size, (draw + 1) * size));
  return { rates, draws: draws.map((own) => own.slice(0, -1)), starts: draws.map((own) => own.at(-1) ?? NaN) };
}

/**
 * How far A's rows repeated are off, at the lowest learning rate: near the best one training amplifies rounding to
 * percents, four octaves below it does not, and a wrong number still shows.
 */
export async function controlOf(
  recipe: Recipe,
  { scaling, curve: { rates, draws } }: Probe['to'][number],
  ranks: Probe['ranks'],
  { size, train, ...options }: ProbeOptions,
): Promise<number | null> {
  const [rate = 0] = rates;
  const small = Math.min(ranks.from, ranks.to);
  const spec = rankSpec(recipe, small, scaling, [rate], size, { backend: 'auto', ...options });
  const control = controlSpec(spec, recipe, Math.max(ranks.from, ranks.to), rate);
  if (!control) return null;
  const ends = endsOf(control, await train(control));
  return Math.max(...ends.map((end, draw) => Math.abs(end / (draws[draw]?.[0] ?? NaN) - 1)));
}
