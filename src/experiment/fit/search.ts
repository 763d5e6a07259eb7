import type { Fit, FitSpec } from '../spec';
import { deviationsOf, largest } from '../verdict/deviations';

/** Factor by which the spacing of the next row shrinks: the predicted rate, with one on each side. */
const NARROWING = 8;

/** The search ends when the deviation agrees with its prediction to this relative error. */
const CAME_TRUE = 0.05;

/**
 * Rates closer than this share of the spacing count as one: a row that continues from an end overlaps with the next one
 * up to rounding.
 */
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
    if (!curves) return false;
    const row = logs.map((log, i): Tried => {
      const losses = curves[i] ?? [];
      return { log, losses, deviation: largest(deviationsOf(losses, base)) };
    });
    tried = [...tried, ...row].toSorted((one, other) => one.log - other.log);
    return true;
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
  return best && Number.isFinite(best.deviation)
    ? { lr: Math.exp(best.log), deviation: best.deviation, losses: [...best.losses] }
    : null;
}

/** A trained learning rate. */
interface Tried {
  /** Natural logarithm of its factor on the baseline's rate. */
  log: number;
  /** [steps] */
  losses: readonly number[];
  /** The largest relative deviation of its losses from the baseline's, as in the verdict. */
  deviation: number;
}

/** The predicted factor of the closest curve, and its deviation. */
interface Guess {
  log: number;
  deviation: number;
  /** Whether the closest rate is the first or last one trained. */
  isEnd: boolean;
}

/**
 * Grid points between the neighbours of the best rate, and the number of refinements between two grid points. The
 * minimum is a sharp corner: a rate that is off by 0.1 % can change the deviation by 10 %.
 */
const GRID = 32;
const LOOKS = 3;

/** Trained curves used to interpolate one curve. */
const NEIGHBOURS = 4;

/**
 * Predicts the closest rate between the trained ones. At every step the loss is a smooth function of log(rate), but the
 * largest deviation has a corner at its minimum. So the curves are interpolated, not their deviations.
 * @param tried in ascending order of rate
 * @returns null if every curve diverges
 */
function closestBetween(tried: readonly Tried[], base: readonly number[]): Guess | null {
  const known = tried.filter(({ deviation }) => Number.isFinite(deviation));
  const best = closestOf(known);
  if (!best) return null;
  const at = known.indexOf(best);
  let guess = { log: best.log, deviation: best.deviation };
  let [low, high] = [known[at - 1]?.log ?? best.log, known[at + 1]?.log ?? best.log];
  for (let look = 0; look < LOOKS; look++) {
    const apart = (high - low) / GRID;
    for (let point = 1; point < GRID; point++) {
      const log = low + point * apart;
      const deviation = largest(deviationsOf(curveAt(log, known), base));
      if (deviation < guess.deviation) guess = { log, deviation };
    }
    [low, high] = [Math.max(low, guess.log - apart), Math.min(high, guess.log + apart)];
  }
  return { ...guess, isEnd: guess.log === best.log && (best === tried[0] || best === tried.at(-1)) };
}

/** The trained rate with the smallest deviation. */
function closestOf(tried: readonly Tried[]): Tried | undefined {
  return tried.toSorted((one, other) => one.deviation - other.deviation)[0];
}

/** The curve at another rate: at every step, Lagrange's polynomial through the nearest trained rates. */
function curveAt(log: number, known: readonly Tried[]): number[] {
  const distance = (one: Tried): number => Math.abs(one.log - log);
  const near = known.toSorted((one, other) => distance(one) - distance(other)).slice(0, NEIGHBOURS);
  const weights = near.map((one) =>
    near.reduce(
      (product, other) => (other === one ? product : (product * (log - other.log)) / (one.log - other.log)),
      1,
    ),
  );
  const steps = near[0]?.losses ?? [];
  return steps.map((_, step) =>
    near.reduce((sum, { losses }, i) => sum + (weights[i] ?? 0) * (losses[step] ?? Number.NaN), 0),
  );
}
