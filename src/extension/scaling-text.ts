import type { ScalingRule } from '../recipe/recipe';

/** How each rule is written, as people write it. */
const SYMBOLS: Readonly<Record<ScalingRule, string>> = { standard: 'α/r', rslora: 'α/√r', direct: 'scale' };

export function scalingSymbol(rule: ScalingRule): string {
  return SYMBOLS[rule];
}

/** A number with at most four significant digits, without trailing zeros. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `s = α/r = 16/16 = 1`; for other rules likewise. */
export function scalingEquation(recipe: {
  scalingRule: ScalingRule;
  alpha: number;
  rank: number;
  scaling: number;
}): string {
  const { scalingRule, alpha, rank, scaling } = recipe;
  const symbol = scalingSymbol(scalingRule);
  if (scalingRule === 'direct') return `s = ${symbol} = ${short(scaling)}`;
  const under = scalingRule === 'rslora' ? `√${rank}` : String(rank);
  return `s = ${symbol} = ${short(alpha)}/${under} = ${short(scaling)}`;
}
