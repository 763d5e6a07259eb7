import { textOfVariable } from '../variables';
import { knownText, type Expansion } from './expand';
import type { Token } from './tokens';
import { under } from '../../table';

/** A condition behind `if`. */
export interface Condition {
  /** How many words it takes, `if` among them. */
  length: number;
  /** Whether it holds; null where that is only known when the script runs. */
  holds: boolean | null;
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  equ: (order) => order === 0,
  neq: (order) => order !== 0,
  lss: (order) => order < 0,
  leq: (order) => order <= 0,
  gtr: (order) => order > 0,
  geq: (order) => order >= 0,
};

/**
 * The condition of the `if` at `at`: `[/i] [not] exist x`, `defined X`, `a==b`, `a equ b`.
 * @see https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/if
 */
export function conditionAt(source: string, tokens: readonly Token[], at: number, expansion: Expansion): Condition {
  const text = (offset: number): string => {
    const token = tokens[at + offset];
    return token?.kind === 'word' ? source.slice(token.range.start, token.range.end) : '';
  };
  let length = 1;
  let ignoresCase = false;
  let isNegated = false;
  for (; /^(?:\/i|not)$/i.test(text(length)); length += 1) {
    if (/^not$/i.test(text(length))) isNegated = true;
    else ignoresCase = true;
  }
  const first = text(length);
  if (/^(?:exist|errorlevel|cmdextversion)$/i.test(first)) return { length: length + 2, holds: null };
  if (/^defined$/i.test(first)) {
    return { length: length + 2, holds: negated(isDefined(text(length + 1), expansion), isNegated) };
  }
  const { words, left, operator, right } = comparisonAt(text, length);
  const [a, b] = [knownText(left, expansion), knownText(right, expansion)];
  const holds = a === null || b === null ? null : compared(a, operator, b, ignoresCase);
  return { length: length + words, holds: negated(holds, isNegated) };
}

/** `a==b` with or without blanks around its sign, `a equ b`. */
function comparisonAt(
  text: (offset: number) => string,
  at: number,
): { words: number; left: string; operator: string; right: string } {
  const [first, second, third] = [text(at), text(at + 1), text(at + 2)];
  const sign = first.indexOf('==');
  if (sign !== -1) {
    const [left, right] = [first.slice(0, sign), first.slice(sign + 2)];
    return right === '' ? { words: 2, left, operator: '==', right: second } : { words: 1, left, operator: '==', right };
  }
  if (second.startsWith('==') && second !== '==') {
    return { words: 2, left: first, operator: '==', right: second.slice(2) };
  }
  return { words: 3, left: first, operator: second.toLowerCase(), right: third };
}

/** Whether a variable holds anything; one that the text does not set may stand in the environment. */
function isDefined(name: string, { scope }: Expansion): boolean | null {
  const text = textOfVariable(scope.get(name.replaceAll('"', '').toUpperCase()));
  return text === null ? null : text !== '';
}

/** Texts, quotes and all; behind `equ` and its like numbers are compared as numbers. */
function compared(a: string, operator: string, b: string, ignoresCase: boolean): boolean | null {
  const [left, right] = ignoresCase ? [a.toLowerCase(), b.toLowerCase()] : [a, b];
  if (operator === '==') return left === right;
  const compare = under(COMPARISONS, operator);
  // Zeros in front make other numbers of them; how texts are ordered is a matter of the machine.
  const areNumbers = [a, b].every((text) => /^-?(?:0|[1-9]\d*)$/.test(text));
  if (compare && areNumbers) return compare(Number(a) - Number(b));
  const areTexts = operator === 'equ' || operator === 'neq';
  return compare && areTexts && ![a, b].some((text) => /^-?\d/.test(text)) ? compare(left === right ? 0 : 1) : null;
}

function negated(value: boolean | null, isNegated: boolean): boolean | null {
  return value === null || !isNegated ? value : !value;
}
