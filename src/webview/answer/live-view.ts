import * as l10n from '@vscode/l10n';
import type { ChangeRow, PanelView, RecipeView, TargetChoice, TargetView } from '../../messages/panel';
import { factorLabel, numberLabel, roundSignificant } from '../../recipe/notation';
import { scalingOf } from '../../recipe/recipe';

/** Scaling and k of a target, by the algebra alone. */
function targetAt(recipe: RecipeView, { alpha, rslora }: TargetChoice): TargetView {
  const scalingRule = rslora === undefined ? recipe.scalingRule : rslora ? 'rslora' : 'standard';
  const scaling = scalingOf(scalingRule, alpha, recipe.rank, recipe.multiplier);
  return { alpha, scalingRule, scaling, k: scaling / recipe.scaling };
}

/**
 * The view at a target that the host has not planned yet: every number that moves by a power of k is computed here, so
 * that the answer follows the slider. The run belongs to an earlier target, and nothing can be written yet.
 */
export function liveView(view: PanelView, choice: TargetChoice): PanelView {
  if (!view.recipe) return view;
  const target = targetAt(view.recipe, choice);
  // Other adapters of the file have alphas of their own, which follow by k.
  const own = view.changes.find(({ field }) => field === 'alpha');
  return {
    ...view,
    target,
    changes: view.changes.map((row) =>
      row === own ? { ...row, to: numberLabel(target.alpha, 6) } : rowAt(row, target.k),
    ),
    // Measurements, and a refusal at the alpha of the file, belong to an earlier target.
    plans: view.plans.map((plan) => ({ ...plan, measured: null })),
    refusal: view.target.k === 1 ? null : view.refusal,
    run: { ...view.run, stale: view.run.state !== 'none' },
    canApply: false,
  };
}

function rowAt(row: ChangeRow, k: number): ChangeRow {
  // A switch is no number.
  if (row.field === 'useRslora' || row.moves === null || row.moves.power === 0) return row;
  const factor = k ** row.moves.power;
  const { from } = row.moves;
  return {
    ...row,
    to: from === null ? l10n.t`your value ${factorLabel(factor)}` : numberLabel(roundSignificant(from * factor), 6),
  };
}
