import { under } from '../config/syntax/table';
import { ALPHA_RANGE, isAlpha } from '../recipe/recipe';
import { usage } from './failure';

/** Reads the value of an option. @throws Failure that names the option and says what would be right */
export type Parse<T> = (text: string, option: string) => T;

/** `64`, `0.25`, `1e2`, or a fraction such as `1/4`. NaN for anything else. */
export function parseNumber(text: string): number {
  const parts = text.split('/');
  if (parts.length > 2 || parts.some((part) => !NUMBER.test(part.trim()))) return NaN;
  const [numerator = NaN, denominator = 1] = parts.map(Number);
  return numerator / denominator;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberThat(isRight: (value: number) => boolean, must: string): Parse<number> {
  return (text, option) => {
    const value = parseNumber(text);
    if (isRight(value)) return value;
    throw usage(`${option} is "${text}"; it must be ${must}`);
  };
}

export const parseAlpha = numberThat(isAlpha, `a number ${ALPHA_RANGE}, such as 64 or 1/4`);
export const parseScaling = numberThat((it) => it > 0 && it < Infinity, 'a number above 0, such as 2 or 1/2');

/** A whole number from `low` to `high`. */
export const wholeNumber = (low: number, high: number): Parse<number> =>
  numberThat((it) => Number.isInteger(it) && it >= low && it <= high, `a whole number from ${low} to ${high}`);

/** The most alphas of one sweep: a picture and a table can still show them. */
const MOST_ALPHAS = 512;

const ALPHAS_EXAMPLE = 'such as 1/4,1,4,16 or 1..64';

/** Several alphas: `0.25,1,4`, and ranges of whole numbers as shells write them, `1..64` or `16..256..16`. */
export function parseAlphas(text: string, option: string): number[] {
  const alphas = text.split(',').flatMap((part) => {
    const found = rangeOf(part) ?? [parseNumber(part)];
    if (found.every(isAlpha)) return found;
    throw usage(`${option} holds "${part}"; it must be numbers ${ALPHA_RANGE}, ${ALPHAS_EXAMPLE}`);
  });
  if (alphas.length <= MOST_ALPHAS) return [...new Set(alphas)];
  throw usage(`${option} holds more than ${MOST_ALPHAS} numbers; it must be ${MOST_ALPHAS} at most, ${ALPHAS_EXAMPLE}`);
}

/** `4..16..4` → 4, 8, 12, 16; null if it is no range; NaN if it does not count up. */
function rangeOf(text: string): number[] | null {
  const [, first, last, by = '1'] = /^\s*(\d+)\.\.(\d+)(?:\.\.(\d+))?\s*$/.exec(text) ?? [];
  if (first === undefined || last === undefined) return null;
  const [from, to, step] = [Number(first), Number(last), Number(by)];
  if (!(to >= from && step > 0)) return [NaN];
  // One more than allowed, so that the error is about how many there are.
  const count = Math.min(Math.floor((to - from) / step) + 1, MOST_ALPHAS + 1);
  return Array.from({ length: count }, (_, i) => from + i * step);
}

/** One or several items, separated by commas; an item that is given twice counts once. */
export function several<T>(parse: Parse<T>): Parse<T[]> {
  return (text, option) => [...new Set(text.split(',').map((item) => parse(item, option)))];
}

/** One of `choices`; `refused` says why another word is not one of them here. */
export function oneOf<T extends string>(
  choices: readonly T[],
  refused: Readonly<Record<string, string>> = {},
): Parse<T> {
  return (text, option) => {
    const choice = choices.find((each) => each === text);
    if (choice !== undefined) return choice;
    throw usage(`${option} is "${text}"; ${under(refused, text) ?? `it must be ${listed(choices)}`}`);
  };
}

/** `a, b or c` */
export const listed = (items: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(items);
