import * as l10n from '@vscode/l10n';
import type { Recipe, ScalingRule } from './recipe';

/** How a number changes with k: `÷ √k`, `× k`. `power` is the power of k. */
export function lawOf(power: number): string {
  if (power === 0) return l10n.t('unchanged');
  const sign = power < 0 ? '÷' : '×';
  const size = Math.abs(power);
  if (size === 0.5) return `${sign} √k`;
  if (size === 1) return `${sign} k`;
  if (size === 2) return `${sign} k²`;
  return `${sign} k^${size}`;
}

/** The usual notation of each rule. */
const SYMBOLS: Readonly<Record<ScalingRule, string>> = { standard: 'α/r', rslora: 'α/√r', direct: 'scale' };

export const scalingSymbol = (rule: ScalingRule): string => SYMBOLS[rule];

/** A number for people: `0.25`, `1.732e-5`, `1e-4`. At most `digits` significant digits, no trailing zeros. */
export function numberLabel(value: number, digits = 4): string {
  if (Number.isNaN(value)) return l10n.t('not a number');
  if (!Number.isFinite(value)) return value > 0 ? l10n.t('infinite') : l10n.t('−infinite');
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  return size >= 1e-3 && size < 1e6 ? String(rounded) : rounded.toExponential().replace('e+', 'e');
}

/** `× 3`, `÷ 1.732` */
export const factorLabel = (factor: number, digits = 4): string =>
  factor >= 1 ? `× ${numberLabel(factor, digits)}` : `÷ ${numberLabel(1 / factor, digits)}`;

/** `α/r = 16/16 = 1`; for a scaling that is set directly, `scale = 20`. */
export function scalingEquation(
  recipe: Pick<Recipe, 'scalingRule' | 'alpha' | 'rank' | 'multiplier' | 'scaling'>,
): string {
  const { scalingRule, alpha, rank, multiplier, scaling } = recipe;
  const symbol = scalingSymbol(scalingRule);
  if (scalingRule === 'direct') return `${symbol} = ${numberLabel(scaling)}`;
  const [named, constant] = multiplier === undefined ? ['', ''] : ['scale·', `${numberLabel(multiplier)}·`];
  return `${named}${symbol} = ${constant}${numberLabel(alpha)}/${scalingRule === 'rslora' ? '√' : ''}${rank} = ${numberLabel(scaling)}`;
}

/** Default number of significant digits in written numbers (a relative error of at most 5e-6). */
export const WRITTEN_DIGITS = 6;

/** Rounds `value` to `digits` significant digits, as it is written into a config. */
export const roundSignificant = (value: number, digits: number = WRITTEN_DIGITS): number =>
  Number.isFinite(value) ? Number(value.toPrecision(digits)) : value;

/** A product of roots that is a power of two is that power, so that the way back gives the original bits. */
export function snapped(value: number): number {
  const power = 2 ** Math.round(Math.log2(value));
  return Math.abs(value / power - 1) < 1e-12 ? power : value;
}
