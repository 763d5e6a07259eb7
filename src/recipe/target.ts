import * as l10n from '@vscode/l10n';
import { numberLabel, roundSignificant, WRITTEN_DIGITS } from './notation';
import type { Caveat } from './caveats/caveat';
import { alphaFor, checkAlpha, MAX_ALPHA, MIN_ALPHA, RecipeError, scalingOf } from './recipe';
import type { Recipe, ScalingRule } from './recipe';

/** The scaling that a user asks for. An empty target is the recipe as it is. */
export interface Target {
  alpha?: number;
  /** Rank stabilisation on or off; keeps alpha unless one is given. */
  rslora?: boolean;
  /** The factor in front of B·A; not together with alpha. */
  scaling?: number;
  /** Always refused: a change of rank is not a change of scaling. */
  rank?: number;
}

/** The result of a target: a scaling at the recipe's rank. */
export interface Destination {
  alpha: number;
  scalingRule: ScalingRule;
  scaling: number;
  /** New scaling / old scaling. */
  k: number;
}

/** Properties of the trainer that decide whether a target can be written. */
export interface TargetLimits {
  /** The trainer accepts only whole alphas. */
  wholeAlpha?: boolean;
  canSwitchRslora: boolean;
}

/** The destination of an unchanged recipe. */
export const hereOf = ({ alpha, scalingRule, scaling }: Recipe): Destination => ({ alpha, scalingRule, scaling, k: 1 });

/**
 * The destination of a target; a number is an alpha.
 * @param digits significant digits of an alpha computed from a scaling
 * @returns the destination, or why no change of scaling reaches it
 * @throws RecipeError for unusable numbers, and for alpha and scaling together
 */
export function destinationOf(
  recipe: Recipe,
  target: number | Target,
  limits: TargetLimits,
  digits = WRITTEN_DIGITS,
): Destination | { refusal: Caveat } {
  const { alpha, scaling, rank, rslora } = typeof target === 'number' ? { alpha: target } : target;
  if (rank !== undefined && rank !== recipe.rank) {
    const message = l10n.t`The rank would go from ${recipe.rank} to ${rank}. A change of rank is not a change of scaling: A and B get other shapes, another start and another reach, so no learning rate makes it the same run. Keep the rank at ${recipe.rank} and ask for an alpha or a scaling.`;
    return { refusal: { code: 'rank-changed', message } };
  }
  if (alpha !== undefined && scaling !== undefined) {
    throw new RecipeError('scaling', l10n.t('alpha and scaling are both given; one of them decides the other'));
  }
  const rule = rslora === undefined ? recipe.scalingRule : rslora ? 'rslora' : 'standard';
  if (rule !== recipe.scalingRule && (recipe.scalingRule === 'direct' || !limits.canSwitchRslora)) {
    return { refusal: rsloraRefusal(recipe, scalingOf(rule, alpha ?? recipe.alpha, recipe.rank, recipe.multiplier)) };
  }
  const then = scaling === undefined ? (alpha ?? recipe.alpha) : alphaForScaling(recipe, rule, scaling, limits, digits);
  const reached = scalingOf(rule, then, recipe.rank, recipe.multiplier);
  return { alpha: then, scalingRule: rule, scaling: reached, k: reached / recipe.scaling };
}

function alphaForScaling(
  { rank, multiplier }: Recipe,
  rule: ScalingRule,
  scaling: number,
  { wholeAlpha = false }: TargetLimits,
  digits: number,
): number {
  if (!(scaling > 0 && Number.isFinite(scaling))) {
    throw new RecipeError('scaling', l10n.t`the scaling is ${scaling}; it must be a number above 0`);
  }
  const alpha = roundSignificant(alphaFor(rule, scaling, rank, multiplier), digits);
  checkAlpha(alpha);
  if (!wholeAlpha || Number.isInteger(alpha)) return alpha;
  const choices = [Math.floor(alpha), Math.ceil(alpha)].filter((whole) => whole >= 1);
  const would = choices.map(
    (whole) => `${whole} (scaling ${numberLabel(scalingOf(rule, whole, rank, multiplier), 6)})`,
  );
  throw new RecipeError(
    'scaling',
    l10n.t`a scaling of ${numberLabel(scaling, 6)} takes alpha ${alpha}, and this trainer takes whole alphas only; ${would.join(l10n.t(' or '))} would do`,
  );
}

function rsloraRefusal({ scalingRule, rank, multiplier }: Recipe, scaling: number): Caveat {
  const alpha = numberLabel(roundSignificant(alphaFor(scalingRule, scaling, rank, multiplier)), 6);
  const what =
    scalingRule === 'direct'
      ? l10n.t('This trainer sets the scaling itself, so there is no rule to switch')
      : l10n.t('This trainer has no key for rank-stabilised scaling');
  return { code: 'rslora-not-settable', message: l10n.t`${what}. Alpha ${alpha} gives the same scaling.` };
}

/**
 * The positive number somebody typed.
 * @param example a good answer
 * @returns the number, or one sentence that says what would be right
 */
export function parsePositive(text: string, example: number): { value: number } | { error: string } {
  const typed = text.trim();
  const such = numberLabel(example);
  if (typed === '') return { error: l10n.t`Type a number above 0, such as ${such}.` };
  if (/^\d+,\d+$/.test(typed)) return { error: l10n.t`Write the decimal point as a point: ${typed.replace(',', '.')}` };
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(typed) ? Number(typed) : NaN;
  if (Number.isNaN(value))
    return { error: l10n.t`“${typed}” is not a number. Type a number above 0, such as ${such}.` };
  if (value <= 0) return { error: l10n.t('It must be above 0: at 0 the adapter does nothing and never learns.') };
  return { value };
}

/** What keeps an alpha from being a target; empty if nothing does. `wholeFor` names who takes whole numbers only. */
export function alphaError(alpha: number, wholeFor: string | null): string {
  if (alpha > MAX_ALPHA) return l10n.t`Alpha must be at most ${MAX_ALPHA}. Type an alpha such as 32.`;
  if (alpha < MIN_ALPHA) return l10n.t`Alpha must be at least ${MIN_ALPHA}. Type an alpha such as 32.`;
  return wholeFor === null || Number.isInteger(alpha) ? '' : wholeAlphaError(wholeFor, alpha);
}

/** The refusal of an alpha with a fraction, and the whole alphas next to it. */
export function wholeAlphaError(trainer: string, alpha: number): string {
  const [below, above] = [Math.max(1, Math.floor(alpha)), Math.ceil(alpha)];
  const choices = below === above ? String(above) : l10n.t`${below} or ${above}`;
  return l10n.t`${trainer} takes whole alphas only, and this is ${numberLabel(alpha, 6)}. Use ${choices}.`;
}

/** The nearest alpha that can be a target. */
export function nearestAlpha(alpha: number, whole: boolean): number {
  const within = Math.min(MAX_ALPHA, Math.max(MIN_ALPHA, alpha));
  return whole ? Math.max(1, Math.round(within)) : within;
}
