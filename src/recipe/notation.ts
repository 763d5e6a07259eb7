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

/** A number with at most four significant digits, without trailing zeros. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `α/r = 16/16 = 1`; a scaling that is set directly is just its number: `scale = 20`. */
export function scalingEquation({
  scalingRule,
  alpha,
  rank,
  scaling,
}: Pick<Recipe, 'scalingRule' | 'alpha' | 'rank' | 'scaling'>): string {
  const symbol = scalingSymbol(scalingRule);
  if (scalingRule === 'direct') return `${symbol} = ${short(scaling)}`;
  return `${symbol} = ${short(alpha)}/${scalingRule === 'rslora' ? '√' : ''}${rank} = ${short(scaling)}`;
}
