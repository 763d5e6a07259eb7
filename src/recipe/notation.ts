import type { Recipe, ScalingRule } from './recipe';

/** How a number moves with k, in the notation of the table: `÷ √k`, `× k`. `power` is the power of k. */
export function lawOf(power: number): string {
  if (power === 0) return 'unchanged';
  const sign = power < 0 ? '÷' : '×';
  const size = Math.abs(power);
  if (size === 0.5) return `${sign} √k`;
  if (size === 1) return `${sign} k`;
  if (size === 2) return `${sign} k²`;
  return `${sign} k^${size}`;
}

/** How each rule is written, as people write it. */
const SYMBOLS: Readonly<Record<ScalingRule, string>> = { standard: 'α/r', rslora: 'α/√r', direct: 'scale' };

export function scalingSymbol(rule: ScalingRule): string {
  return SYMBOLS[rule];
}

/** Numbers as people read them: `0.25`, `1.732e-5`, `1e-4`. At most `digits` significant digits, no trailing zeros. */
export function numberLabel(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'not a number';
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '−infinite';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size >= 1e-3 && size < 1e6 ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

/** `× 3`, `÷ 1.732` */
export function factorLabel(factor: number, digits = 4): string {
  return factor >= 1 ? `× ${numberLabel(factor, digits)}` : `÷ ${numberLabel(1 / factor, digits)}`;
}

/** `α/r = 16/16 = 1`; a scaling that is set directly is just its number: `scale = 20`. */
export function scalingEquation({
  scalingRule,
  alpha,
  rank,
  multiplier,
  scaling,
}: Pick<Recipe, 'scalingRule' | 'alpha' | 'rank' | 'multiplier' | 'scaling'>): string {
  const symbol = scalingSymbol(scalingRule);
  if (scalingRule === 'direct') return `${symbol} = ${numberLabel(scaling)}`;
  const [named, constant] = multiplier === undefined ? ['', ''] : ['scale·', `${numberLabel(multiplier)}·`];
  return `${named}${symbol} = ${constant}${numberLabel(alpha)}/${scalingRule === 'rslora' ? '√' : ''}${rank} = ${numberLabel(scaling)}`;
}

/** Digits a number is written with unless the user asks for all of them (a relative error of at most 5e-6). */
export const WRITTEN_DIGITS = 6;

/** `value` rounded to so many significant digits, as it will be written into a config. */
export function roundSignificant(value: number, digits: number = WRITTEN_DIGITS): number {
  return Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;
}
