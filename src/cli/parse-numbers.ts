import { under } from '../config/syntax/table';
import { ALPHA_RANGE, isAlpha } from '../recipe/recipe';
import { usage } from './failure';

/** `64`, `0.25`, `1e2`, or a fraction such as `1/4`. NaN for anything else. */
export function parseNumber(text: string): number {
  const parts = text.split('/');
  if (parts.length > 2 || parts.some((part) => !NUMBER.test(part.trim()))) return NaN;
  const [numerator = NaN, denominator = 1] = parts.map(Number);
  return numerator / denominator;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * An alpha a user asks for.
 * @throws Failure unless it is a positive number
 */
export function parseAlpha(text: string): number {
  const alpha = parseNumber(text);
  if (!isAlpha(alpha)) throw usage(`--alpha is "${text}"; it must be a number ${ALPHA_RANGE}, such as 64 or 1/4`);
  return alpha;
}

/**
 * A scaling a user asks for.
 * @throws Failure unless it is a positive number
 */
export function parseScaling(text: string): number {
  const scaling = parseNumber(text);
  if (scaling > 0 && scaling < Infinity) return scaling;
  throw usage(`--scaling is "${text}"; it must be a number above 0, such as 2 or 1/2`);
}

/** So many alphas at most in one sweep: what a picture and a table can still show. */
const MOST_ALPHAS = 512;

const ALPHAS_EXAMPLE = 'such as 1/4,1,4,16 or 1..64';

/**
 * Several of them: `0.25,1,4`, and whole numbers in a row as shells count them, `1..64` or `16..256..16`.
 * @param option that they are the value of
 * @throws Failure that names the part that is wrong, or says that there are too many
 */
export function parseAlphas(text: string, option = '--alphas'): number[] {
  const alphas = text.split(',').flatMap((part) => {
    const found = rangeOf(part) ?? [parseNumber(part)];
    if (found.every(isAlpha)) return found;
    throw usage(`${option} holds "${part}"; it must be numbers ${ALPHA_RANGE}, ${ALPHAS_EXAMPLE}`);
  });
  if (alphas.length <= MOST_ALPHAS) return [...new Set(alphas)];
  throw usage(`${option} holds more than ${MOST_ALPHAS} numbers; it must be ${MOST_ALPHAS} at most, ${ALPHAS_EXAMPLE}`);
}

/** `4..16..4` → 4, 8, 12, 16; null where it is no range, and no number where it is none that counts up. */
function rangeOf(text: string): number[] | null {
  const [, first, last, by = '1'] = /^\s*(\d+)\.\.(\d+)(?:\.\.(\d+))?\s*$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return null;
  const [from, to, step] = [Number(first), Number(last), Number(by)];
  if (!(to >= from && step > 0)) return [NaN];
  // One more than may be, so that the error is about how many there are.
  const count = Math.min(Math.floor((to - from) / step) + 1, MOST_ALPHAS + 1);
  return Array.from({ length: count }, (_, i) => from + i * step);
}

/** A parser for a whole number from `low` to `high`. */
export function wholeNumber(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = parseNumber(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw usage(`${option} is "${text}"; it must be a whole number from ${low} to ${high}`);
  };
}

/** A parser for one or several items behind commas, each read by `parse`; an item that is given twice counts once. */
export function several<T>(parse: (text: string) => T): (text: string) => T[] {
  return (text) => [...new Set(text.split(',').map(parse))];
}

/** A parser that takes one of `choices`; `refused` says why a choice that exists elsewhere is not to be had here. */
export function oneOf<T extends string>(
  option: string,
  choices: readonly T[],
  refused: Readonly<Record<string, string>> = {},
): (text: string) => T {
  return (text) => {
    const choice = choices.find((each) => each === text);
    if (choice !== undefined) return choice;
    const reason = under(refused, text);
    throw usage(`${option} is "${text}"; ${reason ?? `it must be ${listed(choices)}`}`);
  };
}

/** `a, b or c` */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} or ${last}`;
}
