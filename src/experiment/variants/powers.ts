/** By how much a number moved: `k^power · rest`. */
export interface Power {
  power: number;
  /** 1 where it is a power. */
  rest: number;
}

/** Every power of k that a rule has is a whole number of these. */
const STEP = 1 / 2;
const LARGEST_POWER = 4;

/** What float64 leaves of a power that was computed by multiplying. */
const SAME = 1e-11;

/** A ratio as a power of k, and what is left where it is none. */
export function powerOf(ratio: number, k: number): Power {
  const exponent = Math.log(ratio) / Math.log(k);
  const power = Math.round(exponent / STEP) * STEP;
  if (!(Math.abs(power) <= LARGEST_POWER)) return { power: 0, rest: ratio };
  const rest = ratio / k ** power;
  return { power, rest: isSame(rest, 1) ? 1 : rest };
}

/** Whether two numbers are one but for what float64 leaves of a product. */
export function isSame(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= SAME * Math.abs(other);
}
