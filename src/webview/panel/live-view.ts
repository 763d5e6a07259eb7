import * as l10n from '@vscode/l10n';
import type { Destination } from '../../recipe/target';
import { isHere, type ChangeRow, type PanelTarget, type PanelView } from '../../messages/panel';
import type { RecipeView, TargetChoice } from '../../messages/panel';
import { factorLabel, numberLabel, roundSignificant } from '../../recipe/notation';
import { type ScalingRule, scalingOf } from '../../recipe/recipe';

export function ruleOf({ scalingRule }: RecipeView, { rslora }: TargetChoice): ScalingRule {
  return rslora === undefined ? scalingRule : rslora ? 'rslora' : 'standard';
}

/** Scaling and k of a target, by the algebra alone. */
function targetAt(recipe: RecipeView, choice: TargetChoice): Destination {
  const { alpha } = choice;
  const scalingRule = ruleOf(recipe, choice);
  const scaling = scalingOf(scalingRule, alpha, recipe.rank, recipe.multiplier);
  return { alpha, scalingRule, scaling, k: scaling / recipe.scaling };
}

/**
 * The view at a target that the host has not planned yet: every number that moves by a power of k is computed here, so
 * that the answer follows the slider; of another rank no number is known. The run belongs to an earlier target, and
 * nothing can be written yet.
 */
export function liveView(view: PanelView, choice: TargetChoice): PanelView {
  const { recipe, target: before, changes } = view;
  if (!recipe) return view;
  // Measurements belong to an earlier target.
  const plans = view.plans.map((plan) => ({ ...plan, measured: null }));
  const earlier = { ...view, plans, run: { ...view.run, stale: view.run.state !== 'none' } };
  if (choice.rank !== undefined || before.rank !== undefined) {
    const { scalingRule, scaling, k } = before;
    const { alpha, rank } = choice;
    return {
      ...earlier,
      target: { alpha, scalingRule, scaling, k, ...(rank !== undefined && { rank }) },
      changes: changes.map((row) => ({ ...row, to: '…' })),
      plans: plans.map((plan) => ({ ...plan, ...(plan.rule && { rule: { numbers: '…', measured: '' } }) })),
    };
  }
  const target = targetAt(recipe, choice);
  // Other adapters of the file have alphas of their own, which follow by k.
  const own = changes.find(({ field }) => field === 'alpha');
  return {
    ...earlier,
    target,
    changes: changes.map((row) => (row === own ? { ...row, to: numberLabel(target.alpha, 6) } : rowAt(row, target.k))),
    // A refusal at the alpha of the file belongs to that alpha.
    refusal: isHere(view) ? null : view.refusal,
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

/** Reach of the slider to both sides of the value in the file, in octaves. */
export const OCTAVES = 3;

/** Distance from a whole octave, in octaves, within which the slider snaps onto it. */
const SNAP = 0.06;

/** The next alpha up (`direction` 1) or down (−1): the next whole number, below 1 the next octave. */
export function steppedAlpha(alpha: number, direction: 1 | -1): number {
  const next = direction === 1 ? Math.floor(alpha) + 1 : Math.ceil(alpha) - 1;
  if (next >= 1) return alpha < 1 ? Math.min(alpha * 2, 1) : next;
  return alpha / 2;
}

/** Where an alpha is on the slider, in octaves from the file's; held at the ends. */
export function octaveOf(alpha: number, base: number): number {
  return Math.min(OCTAVES, Math.max(-OCTAVES, Math.log2(alpha / base)));
}

/** The alpha at a place of the slider: exact on whole octaves, else rounded to two or three digits. */
export function alphaAtOctave(octave: number, base: number): number {
  const whole = Math.round(octave);
  if (Math.abs(octave - whole) < SNAP) return base * 2 ** whole;
  const alpha = base * 2 ** octave;
  return alpha >= 10 ? Math.round(alpha) : Number(alpha.toPrecision(2));
}

export function octaveMarks(base: number): { octave: number; value: number }[] {
  return Array.from({ length: 2 * OCTAVES + 1 }, (_, i) => ({ octave: i - OCTAVES, value: base * 2 ** (i - OCTAVES) }));
}

/** The text at a mark: a whole number in full, as people know it (1024); of others there is room for three digits. */
export function markLabel(value: number): string {
  return numberLabel(value, Number.isInteger(value) ? 6 : 3);
}

/** What the number in the target field is: an alpha, a scaling, an alpha under the other scaling rule, or a rank. */
export type TargetMode = 'alpha' | 'scaling' | 'rslora' | 'rank';

export function modesOf({ scalingRule, canSwitchRslora }: RecipeView): { mode: TargetMode; label: string }[] {
  // The alpha of a direct rule is the scaling.
  const rank = { mode: 'rank', label: l10n.t('rank') } as const;
  if (scalingRule === 'direct') return [{ mode: 'alpha', label: l10n.t('scaling') }, rank];
  const switched = scalingRule === 'rslora' ? l10n.t('rsLoRA off') : l10n.t('rsLoRA on');
  return [
    { mode: 'alpha', label: 'alpha' },
    { mode: 'scaling', label: l10n.t('scaling') },
    ...(canSwitchRslora ? [{ mode: 'rslora' as const, label: switched }] : []),
    rank,
  ];
}

/** The mode that a target was asked in, as far as the target tells. */
export function modeOf({ scalingRule }: RecipeView, target: PanelTarget, mode: TargetMode): TargetMode {
  if (target.rank !== undefined) return 'rank';
  if (target.scalingRule !== scalingRule) return 'rslora';
  return mode === 'rslora' || mode === 'rank' ? 'alpha' : mode;
}

/** How many of the field's units an alpha is. */
export function unitsPerAlpha({ scalingRule, rank, multiplier }: RecipeView, mode: TargetMode): number {
  return mode === 'scaling' ? scalingOf(scalingRule, 1, rank, multiplier) : 1;
}

export function fieldValue(recipe: RecipeView, mode: TargetMode, alpha: number): number {
  return mode === 'scaling' ? roundSignificant(alpha * unitsPerAlpha(recipe, mode)) : alpha;
}

export function alphaOfField(recipe: RecipeView, mode: TargetMode, value: number): number {
  return mode === 'scaling' ? roundSignificant(value / unitsPerAlpha(recipe, mode)) : value;
}

export function choiceOf({ scalingRule, alpha: own }: RecipeView, mode: TargetMode, alpha: number): TargetChoice {
  if (mode === 'rank') return { alpha: own, rank: alpha };
  return mode === 'rslora' ? { alpha, rslora: scalingRule !== 'rslora' } : { alpha };
}

/** The table of changes as tab-separated values, with a heading; tabs and line ends inside a text become blanks. */
export function changesAsTsv(
  rows: readonly Pick<ChangeRow, 'key' | 'from' | 'to' | 'law' | 'why' | 'note'>[],
  { alpha, rank }: Pick<PanelTarget, 'alpha' | 'rank'>,
): string {
  const at = rank === undefined ? l10n.t`at alpha ${alpha}` : l10n.t`at rank ${rank}`;
  const heading = [l10n.t('hyperparameter'), l10n.t('now'), at, l10n.t('factor')];
  const cells = rows.map(({ key, from, to, law, why, note }) => [key, from, to, law, why, note]);
  const lines = [[...heading, l10n.t('why'), l10n.t('note')], ...cells];
  return lines.map((row) => `${row.map((cell) => cell.replace(/\s/g, ' ')).join('\t')}\n`).join('');
}
