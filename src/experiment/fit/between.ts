import { deviationsOf, largest } from '../judge/deviations';

/** A trained learning rate. */
export interface Tried {
  /** Natural logarithm of its factor on the baseline's rate. */
  log: number;
  /** [steps] */
  losses: readonly number[];
  /** The largest relative deviation of its losses from the baseline's, as in the verdict. */
  deviation: number;
}

/** The predicted factor of the closest curve, and its deviation. */
export interface Guess {
  log: number;
  deviation: number;
  /** Whether the closest rate is the first or last one trained. */
  isEnd: boolean;
}

/**
 * Grid points between the neighbours of the best rate, and the number of refinements between two grid points. The
 * minimum is a sharp corner: a rate that is off by 0.1 % can change the deviation by 10 %.
 */
const PLACES = 32;
const LOOKS = 3;

/** Trained curves used to interpolate one curve. */
const NEIGHBOURS = 4;

/**
 * Predicts the closest rate between the trained ones. At every step the loss is a smooth function of log(rate), but the
 * largest deviation has a corner at its minimum. So the curves are interpolated, not their deviations.
 * @param tried in ascending order of rate
 * @returns null if every curve diverges
 */
export function closestBetween(tried: readonly Tried[], base: readonly number[]): Guess | null {
  const known = tried.filter(({ deviation }) => Number.isFinite(deviation));
  const best = closestOf(known);
  if (!best) return null;
  const at = known.indexOf(best);
  let guess = { log: best.log, deviation: best.deviation };
  let [low, high] = [known[at - 1]?.log ?? best.log, known[at + 1]?.log ?? best.log];
  for (let look = 0; look < LOOKS; look++) {
    const apart = (high - low) / PLACES;
    for (let place = 1; place < PLACES; place++) {
      const log = low + place * apart;
      const deviation = largest(deviationsOf(curveAt(log, known), base));
      if (deviation < guess.deviation) guess = { log, deviation };
    }
    [low, high] = [Math.max(low, guess.log - apart), Math.min(high, guess.log + apart)];
  }
  return { ...guess, isEnd: guess.log === best.log && (best === tried[0] || best === tried.at(-1)) };
}

/** The trained rate with the smallest deviation. */
export function closestOf(tried: readonly Tried[]): Tried | undefined {
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
