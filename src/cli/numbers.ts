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
  if (!(alpha >= 1e-6 && alpha <= 1e6)) {
    throw usage(`--alpha is "${text}"; it must be a number above 0, from 1e-6 to 1e6, such as 64 or 1/4`);
  }
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

/** Several of them: `0.25,1,4`. */
export function parseAlphas(text: string): number[] {
  const alphas = text.split(',').map((part) => parseNumber(part));
  const wrong = text.split(',').find((_, i) => !((alphas[i] ?? NaN) >= 1e-6 && (alphas[i] ?? NaN) <= 1e6));
  if (wrong !== undefined) {
    throw usage(`--alphas holds "${wrong}"; it must be numbers above 0, from 1e-6 to 1e6, such as 1/4,1,4,16`);
  }
  return alphas;
}

/** A parser for a whole number from `low` to `high`. */
export function wholeNumber(option: string, low: number, high: number): (text: string) => number {
  return (text) => {
    const value = parseNumber(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw usage(`${option} is "${text}"; it must be a whole number from ${low} to ${high}`);
  };
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
    const reason = Object.hasOwn(refused, text) ? refused[text] : undefined;
    throw usage(`${option} is "${text}"; ${reason ?? `it must be ${listed(choices)}`}`);
  };
}

/** `a, b or c` */
export function listed(items: readonly string[], word = 'or'): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} ${word} ${last}`;
}
