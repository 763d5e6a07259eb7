/** Digits a number is written with unless the user asks for all of them (a relative error below 5e-7). */
export const WRITTEN_DIGITS = 6;

/** `value` rounded to so many significant digits, as it will be written into a config. */
export function roundSignificant(value: number, digits: number = WRITTEN_DIGITS): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
