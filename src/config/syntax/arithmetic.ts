import type { ArithmeticExpression } from 'unbash';

/** What a script computes with two whole numbers; division goes towards zero. */
const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
};

/**
 * The value of `$((2 * R))`: one operation on two whole numbers; null for anything else.
 * @param lookUp the text of a variable, or null
 */
export function arithmeticValue(
  expression: ArithmeticExpression | undefined,
  lookUp: (name: string) => string | null,
): number | null {
  if (expression?.type !== 'ArithmeticBinary') return null;
  const [left, right] = [wholeNumber(expression.left, lookUp), wholeNumber(expression.right, lookUp)];
  const value = left === null || right === null ? undefined : OPERATIONS[expression.operator]?.(left, right);
  return Number.isSafeInteger(value) ? (value ?? null) : null;
}

/** A leading zero would make it octal. */
function wholeNumber(word: ArithmeticExpression, lookUp: (name: string) => string | null): number | null {
  if (word.type !== 'ArithmeticWord') return null;
  const name = /^\$?\{?([A-Za-z_]\w*)\}?$/.exec(word.value)?.[1];
  const text = name === undefined ? word.value : (lookUp(name) ?? '');
  return /^-?(?:0|[1-9]\d*)$/.test(text) ? Number(text) : null;
}
