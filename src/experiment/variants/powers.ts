/** The change of a number: `k^power · rest`. */
export interface Power {
  power: number;
  /** 1 if the change is a pure power of k. */
  rest: number;
}

/** Powers of k in rules are multiples of this. */
const STEP = 1 / 2;
const LARGEST_POWER = 4;

/** Relative error of a power that was computed by multiplication in float64. */
const SAME = 1e-11;

/** Splits a ratio into a power of k and a remainder. */
export function powerOf(ratio: number, k: number): Power {
  const exponent = Math.log(ratio) / Math.log(k);
  const power = Math.round(exponent / STEP) * STEP;
  if (!(Math.abs(power) <= LARGEST_POWER)) return { power: 0, rest: ratio };
  const rest = ratio / k ** power;
  return { power, rest: isSame(rest, 1) ? 1 : rest };
}

/** Whether two numbers agree up to the rounding of float64. */
export function isSame(one: number, other: number): boolean {
  return one === other || Math.abs(one - other) <= SAME * Math.abs(other);
}
