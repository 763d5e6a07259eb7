import type { ArithmeticExpression } from 'unbash';
import { under } from '../table';

/** Deeper expressions are no config's. */
const MAX_DEPTH = 50;

/** What a shell computes with: whole numbers, division towards zero. */
const OPERATIONS: Readonly<Record<string, (a: number, b: number) => number | null>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => (b === 0 ? null : Math.trunc(a / b)),
  '%': (a, b) => (b === 0 ? null : a % b),
  '**': (a, b) => (b < 0 ? null : a ** b),
};

/**
 * The value of `$((2 * r))`, or null where it is not plain arithmetic on whole numbers.
 * @param lookUp the text of a variable, or null
 */
export function arithmeticValue(
  expression: ArithmeticExpression | undefined,
  lookUp: (name: string) => string | null,
  depth = 0,
): number | null {
  if (!expression || depth > MAX_DEPTH) return null;
  const inner = (own: ArithmeticExpression): number | null => arithmeticValue(own, lookUp, depth + 1);
  switch (expression.type) {
    case 'ArithmeticGroup':
      return inner(expression.expression);
    case 'ArithmeticWord':
      return wholeNumber(expression.value, lookUp);
    case 'ArithmeticUnary': {
      const value = inner(expression.operand);
      if (value === null || !expression.prefix) return null;
      return expression.operator === '-' ? -value : expression.operator === '+' ? value : null;
    }
    case 'ArithmeticBinary': {
      const [left, right] = [inner(expression.left), inner(expression.right)];
      const operation = OPERATIONS[expression.operator];
      return operation && left !== null && right !== null ? safe(operation(left, right)) : null;
    }
    default:
      return null;
  }
}

/** The value of `expr 2 \* 16`: one operation, as scripts use it. */
export function exprValue(words: readonly string[]): number | null {
  const [left, operator, right, more] = words;
  const operation = under(OPERATIONS, operator ?? '');
  if (!operation || operator === '**' || right === undefined || more !== undefined) return null;
  const [a, b] = [plainWhole(left ?? ''), plainWhole(right)];
  return a === null || b === null ? null : safe(operation(a, b));
}

function wholeNumber(word: string, lookUp: (name: string) => string | null): number | null {
  const name = /^\$?\{?([A-Za-z_]\w*)\}?$/.exec(word)?.[1];
  return plainWhole(name === undefined ? word : (lookUp(name) ?? ''));
}

/** A leading zero would make it octal. */
function plainWhole(text: string): number | null {
  return /^[-+]?(0|[1-9]\d*)$/.test(text.trim()) ? Number(text) : null;
}

function safe(value: number | null): number | null {
  return value !== null && Number.isSafeInteger(value) ? value : null;
}
