/** Digits a number is written with unless the user asks for all of them (a relative error of at most 5e-6). */
export const WRITTEN_DIGITS = 6;

/** `value` rounded to so many significant digits, as it will be written into a config. */
export function roundSignificant(value: number, digits: number = WRITTEN_DIGITS): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
