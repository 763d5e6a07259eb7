import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { ExperimentSpec, FactorHyper, Fit, FitSpec, VariantSpec } from '../spec';
import type { Trained } from '../training/train';
import { deviationsOf, largest } from '../verdict/deviations';

/** Rates in the first row. Rates between them are interpolated, so seven are enough. */
const COUNT = 7;

/** Maximum number of rows after the first; one or two usually suffice. */
const ROUNDS = 3;

/** How far the row extends beyond both ends, as a share of its length in log(rate). */
const MARGIN = 0.1;

/**
 * The range of factors on the baseline's rate to search: from the plan's factor, which keeps the reach of B, to 1,
 * which keeps the pace of A. A single rate is a compromise between the two (for Adam, 1/k and 1).
 * @param k factor of the scaling; 1/k replaces the plan's factor if no rule is known
 * @returns undefined if there is no rate to change
 */
export function fitFor(variants: readonly VariantSpec[], row: OptimizerRow, k: number): FitSpec | undefined {
  const [base, planned] = (['base', 'rescaled'] as const).map((role) => variants.find((each) => each.role === role));
  if (row.rate === 'fixed' || !base || !planned) return undefined;
  const factor = row.noRule ? 1 / k : planned.a.lr / base.a.lr;
  if (!(factor > 0 && Number.isFinite(factor)) || factor === 1) return undefined;
  const ends = [factor ** (1 + MARGIN), factor ** -MARGIN];
  return { from: Math.min(...ends), to: Math.max(...ends), count: COUNT, rounds: ROUNDS };
}

/**
 * Searches the rate that the spec's `fit` asks for, after the variants have been trained. Each row of rates trains side
 * by side, on the spec's first draw.
 * @param losses of the spec's variants, to the end of the run
 * @returns null if no search is asked for, or if the baseline or every rate diverges
 */
export async function runFit(
  spec: ExperimentSpec,
  losses: readonly (readonly number[])[],
  trainRow: (row: ExperimentSpec) => Promise<Pick<Trained, 'losses' | 'stopped'>>,
): Promise<Fit | null> {
  const { fit, variants, seeds } = spec;
  const of = (role: VariantSpec['role']): number =>
    variants.findIndex((variant) => variant.role === role && variant.draw === 0);
  const [base, planned] = [variants[of('base')], variants[of('rescaled')]];
  const curve = losses[of('base')];
  if (!fit || !base || !planned || !curve?.every(Number.isFinite)) return null;
  return closestRate(fit, curve, async (factors) => {
    const row = factors.map((factor, i) => plannedAt(base, planned, factor, `fit-${i + 1}`));
    const trained = await trainRow({ ...spec, seeds: seeds.slice(0, 1), variants: row });
    return trained.stopped ? null : trained.losses;
  });
}

/** The planned run with the baseline's rates times `factor`. Rates that the plan leaves alone stay. */
export function plannedAt(base: VariantSpec, planned: VariantSpec, factor: number, name: string): VariantSpec {
  const movesRate = planned.a.lr !== base.a.lr;
  const at = (numbers: FactorHyper, { lr }: FactorHyper): FactorHyper =>
    movesRate && numbers.lr === lr ? numbers : { ...numbers, lr: lr * factor };
  const { a, b, m } = planned;
  const magnitudes = m ? { m: at(m, base.m ?? base.a) } : {};
  return { ...planned, name, role: 'plan', a: at(a, base.a), b: at(b, base.b), ...magnitudes };
}

/** A learning rate that was trained, by the natural logarithm of its factor on the baseline's. */
interface Tried {
  log: number;
  /** [steps] */
  losses: readonly number[];
  /** The largest relative deviation of its losses from the baseline's, as in the verdict. */
  deviation: number;
}

/** Factor by which the spacing of the next row shrinks: the predicted rate, with one on each side. */
const NARROWING = 8;

/** The search ends when the deviation agrees with its prediction to this relative error. */
const CAME_TRUE = 0.05;

/** Rates closer than this share of the spacing count as one: rows overlap up to rounding. */
const SAME_RATE = 1e-6;

/**
 * Finds the single learning rate whose curve is closest to the baseline's, by the verdict's measure: the largest
 * relative deviation of the loss over the run. First it trains a row of rates over the whole range, then rows of three
 * around the minimum of the interpolated curves, until a curve is as close as predicted.
 * @param base losses of the baseline, [steps]
 * @param trainRow the curves at these factors on the baseline's rate, [factors]
 */
export async function closestRate(
  { from, to, count, rounds }: FitSpec,
  base: readonly number[],
  trainRow: (factors: readonly number[]) => Promise<number[][] | null>,
): Promise<Fit | null> {
  let tried: Tried[] = [];
  const attempt = async (logs: readonly number[]): Promise<boolean> => {
    const curves = await trainRow(logs.map(Math.exp));
    const row = logs.map((log, i): Tried => {
      const losses = curves?.[i] ?? [];
      return { log, losses, deviation: largest(deviationsOf(losses, base)) };
    });
    if (curves) tried = [...tried, ...row].toSorted((one, other) => one.log - other.log);
    return curves !== null;
  };

  let spacing = Math.log(to / from) / (count - 1);
  let goesOn = await attempt(Array.from({ length: count }, (_, i) => Math.log(from) + i * spacing));
  for (let round = 1; round <= rounds && goesOn; round++) {
    const guess = closestBetween(tried, base);
    if (!guess) break;
    // No interpolation is possible beyond the ends, so the search moves on at the same spacing.
    if (!guess.isEnd) spacing /= NARROWING;
    const around = [guess.log - spacing, guess.log, guess.log + spacing];
    const isNew = (log: number): boolean => tried.every((each) => Math.abs(each.log - log) > SAME_RATE * spacing);
    const isTrained = await attempt(around.filter(isNew));
    const least = closestOf(tried)?.deviation ?? Number.POSITIVE_INFINITY;
    goesOn = isTrained && (guess.isEnd || Math.abs(least / guess.deviation - 1) > CAME_TRUE);
  }
  const best = closestOf(tried);
  if (!best || !Number.isFinite(best.deviation)) return null;
  return { lr: Math.exp(best.log), deviation: best.deviation, losses: [...best.losses] };
}

/**
 * Points of the grid between the neighbours of the best rate. The minimum is a sharp corner: a rate that is off by 0.1 %
 * can change the deviation by 10 %, so the grid around the best point is refined so many times.
 */
const GRID = 32;
const LOOKS = 3;

/** Trained curves used to interpolate one curve. */
const NEIGHBOURS = 4;

/**
 * Predicts the closest rate between the trained ones. At every step the loss is a smooth function of log(rate), but the
 * largest deviation has a corner at its minimum. So the curves are interpolated, not their deviations.
 * @param tried in ascending order of rate
 * @returns its logarithm and deviation, and whether it is the first or last one trained; null if every curve diverges
 */
function closestBetween(
  tried: readonly Tried[],
  base: readonly number[],
): { log: number; deviation: number; isEnd: boolean } | null {
  const known = tried.filter(({ deviation }) => Number.isFinite(deviation));
  const best = closestOf(known);
  if (!best) return null;
  const at = known.indexOf(best);
  let { log, deviation } = best;
  let [low, high] = [known[at - 1]?.log ?? log, known[at + 1]?.log ?? log];
  for (let look = 0; look < LOOKS; look++) {
    const apart = (high - low) / GRID;
    for (let point = 1; point < GRID; point++) {
      const next = low + point * apart;
      const predicted = largest(deviationsOf(curveAt(next, known), base));
      if (predicted < deviation) [log, deviation] = [next, predicted];
    }
    [low, high] = [Math.max(low, log - apart), Math.min(high, log + apart)];
  }
  return { log, deviation, isEnd: log === best.log && (best === tried[0] || best === tried.at(-1)) };
}

/** The trained rate with the smallest deviation. */
function closestOf(tried: readonly Tried[]): Tried | undefined {
  return tried.toSorted((one, other) => one.deviation - other.deviation)[0];
}

/** The curve at another rate: at every step, Lagrange's polynomial through the nearest trained rates. */
function curveAt(log: number, known: readonly Tried[]): number[] {
  const distance = (one: Tried): number => Math.abs(one.log - log);
  const near = known.toSorted((one, other) => distance(one) - distance(other)).slice(0, NEIGHBOURS);
  const weights = near.map((one) => {
    const others = near.filter((other) => other !== one);
    return others.reduce((product, other) => (product * (log - other.log)) / (one.log - other.log), 1);
  });
  return (near[0]?.losses ?? []).map((_, step) =>
    near.reduce((sum, { losses }, i) => sum + (weights[i] ?? 0) * (losses[step] ?? Number.NaN), 0),
  );
}
