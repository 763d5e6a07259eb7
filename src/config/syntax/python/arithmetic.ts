import { numberIn } from '../scalars';
import type { Scalar } from '../tree';

type Operation = (left: number, right: number) => number;

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '//': (left, right) => Math.floor(left / right),
  // Python's remainder has the sign of the divisor.
  '%': (left, right) => left - right * Math.floor(left / right),
  '**': (left, right) => left ** right,
};

/** What Python makes of `left operator right`; undefined where that is no finite number, or not known here. */
export function computed(operator: string, left: Scalar, right: Scalar): number | string | undefined {
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
  const operation = OPERATIONS[operator];
  if (!operation || typeof left !== 'number' || typeof right !== 'number') return undefined;
  const value = operation(left, right);
  return Number.isFinite(value) ? value : undefined;
}

/** What Python makes of a call of one of its own converters: `float("2e-4")`, `int(16.0)`. */
export function converted(callee: string, value: Scalar): Scalar | undefined {
  if (callee === 'str' && (typeof value === 'string' || Number.isInteger(value))) return String(value);
  if (callee === 'bool' && typeof value === 'boolean') return value;
  if (callee !== 'float' && callee !== 'int') return undefined;
  const number = typeof value === 'string' ? textNumber(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
  return callee === 'int' ? Math.trunc(number) : number;
}

function textNumber(text: string): number | undefined {
  return numberIn(text.trim());
}
