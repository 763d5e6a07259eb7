import * as l10n from '@vscode/l10n';
import type { RecipeView, TargetChoice } from '../../../messages/panel';
import { roundSignificant } from '../../../recipe/notation';
import { scalingOf, type ScalingRule } from '../../../recipe/recipe';

/** What the number in the target field is: an alpha, a scaling, or an alpha under the other scaling rule. */
export type TargetMode = 'alpha' | 'scaling' | 'rslora';

/** The modes that make sense for a recipe, each with its label. */
export function modesOf({ scalingRule, canSwitchRslora }: RecipeView): { mode: TargetMode; label: string }[] {
  // The alpha of a direct rule is the scaling.
  if (scalingRule === 'direct') return [{ mode: 'alpha', label: l10n.t('scaling') }];
  const switched = scalingRule === 'rslora' ? l10n.t('rsLoRA off') : l10n.t('rsLoRA on');
  return [
    { mode: 'alpha', label: 'alpha' },
    { mode: 'scaling', label: l10n.t('scaling') },
    ...(canSwitchRslora ? [{ mode: 'rslora' as const, label: switched }] : []),
  ];
}

/** The mode that a target was asked in, as far as the target tells. */
export function modeOf(
  { scalingRule }: Pick<RecipeView, 'scalingRule'>,
  target: ScalingRule,
  mode: TargetMode,
): TargetMode {
  if (target !== scalingRule) return 'rslora';
  return mode === 'rslora' ? 'alpha' : mode;
}

/** How many of the field's units an alpha is. */
export function unitsPerAlpha({ scalingRule, rank, multiplier }: RecipeView, mode: TargetMode): number {
  return mode === 'scaling' ? scalingOf(scalingRule, 1, rank, multiplier) : 1;
}

/** The field's number for an alpha. */
export function fieldValue(recipe: RecipeView, mode: TargetMode, alpha: number): number {
  return mode === 'scaling' ? roundSignificant(alpha * unitsPerAlpha(recipe, mode)) : alpha;
}

/** The alpha for the field's number. */
export function alphaOfField(recipe: RecipeView, mode: TargetMode, value: number): number {
  return mode === 'scaling' ? roundSignificant(value / unitsPerAlpha(recipe, mode)) : value;
}

/** The target for an alpha in a mode. */
export function choiceOf({ scalingRule }: RecipeView, mode: TargetMode, alpha: number): TargetChoice {
  return mode === 'rslora' ? { alpha, rslora: scalingRule !== 'rslora' } : { alpha };
}
