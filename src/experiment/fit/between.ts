import { deviationsOf, largest } from '../judge/deviations';

/** A learning rate that was trained. */
export interface Tried {
  /** Natural logarithm of its factor on the base's rate. */
  log: number;
  /** [steps] */
  losses: readonly number[];
  /** The verdict's measure: the largest relative deviation of its losses from the base's. */
  deviation: number;
}

/** Where the closest curve is expected, and how close. */
export interface Guess {
  log: number;
  deviation: number;
  /** The closest is the first or last that was tried. */
  isEnd: boolean;
}

/**
 * Places between the best one's neighbours that are looked at, and how often, each time between two of them: the corner
 * is sharp, and where curves nearly meet a thousandth of a rate beside it is a tenth of the deviation.
 */
const PLACES = 32;
const LOOKS = 3;

/** Curves that one is interpolated from. */
const NEIGHBOURS = 4;

/**
 * Where between the rates that were tried the closest one is. At every step the loss is a smooth function of the
 * rate's logarithm, while the largest deviation over the steps has a corner just where it is smallest: so the curves
 * are interpolated and their deviation is taken, not the deviations themselves.
 * @param tried by rising rate
 * @returns null where every curve explodes
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

/** The one with the least deviation. */
export function closestOf(tried: readonly Tried[]): Tried | undefined {
  return tried.toSorted((one, other) => one.deviation - other.deviation)[0];
}

/** The curve at a rate in between: at every step Lagrange's polynomial through the nearest. */
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
