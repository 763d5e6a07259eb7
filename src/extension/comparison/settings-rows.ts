import * as l10n from '@vscode/l10n';
import type { ConfigRecipe } from '../../config/compare/config-recipe';
import { valueLabel } from '../../config/compare/compared-rows';
import type { ReadField, ReadRecipe } from '../../config/reading';
import type { SettingCell, SettingRow } from '../../messages/comparison';
import { isOne } from '../../recipe/compare/ratio';
import { fieldLabel } from '../../recipe/field-names';
import { factorLabel } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { statedConstant } from '../../recipe/recipe';
import { pointOf } from '../documents/point';

/** A number of a recipe that a change of the scaling moves, or that makes up for one. */
interface ComparedSetting {
  field: ReadField;
  of: (recipe: ReadRecipe) => number | null;
  /** Shown where it is the same, too. */
  isAlways?: boolean;
}

const SETTINGS: readonly ComparedSetting[] = [
  { field: 'alpha', of: ({ alpha }) => alpha, isAlways: true },
  { field: 'scaling', of: ({ scaling }) => scaling, isAlways: true },
  { field: 'learningRate', of: ({ learningRate }) => learningRate, isAlways: true },
  { field: 'lrA', of: ({ lrA }) => lrA },
  { field: 'loraplusLrRatio', of: ({ loraplusLrRatio }) => loraplusLrRatio },
  { field: 'weightDecay', of: ({ optimizer }) => optimizer.weightDecay },
  { field: 'maxGradNorm', of: ({ maxGradNorm }) => maxGradNorm },
  { field: 'maxGradValue', of: ({ maxGradValue }) => maxGradValue ?? null },
];

/** The numbers of both files that the scaling goes with: what differs, and alpha, scaling and rate in any case. */
export function settingRows(first: ConfigRecipe, second: ConfigRecipe): SettingRow[] {
  const constants = [first, second].flatMap(
    ({ recipe }) => optimizerRow(recipe.optimizer.row)?.constants.map(({ constant }) => constant) ?? [],
  );
  const ofOptimizer = [...new Set(constants)].map((id): ComparedSetting => ({
    field: id,
    of: ({ optimizer }) => statedConstant(optimizer, id),
  }));
  return [...SETTINGS, ...ofOptimizer].flatMap((setting) => {
    const [mine, other] = [setting.of(first.recipe), setting.of(second.recipe)];
    const same = mine === other || (mine !== null && other !== null && mine !== 0 && isOne(other / mine));
    if ((same && !setting.isAlways) || (mine === null && other === null)) return [];
    return [
      {
        name: fieldLabel(setting.field),
        first: cellOf(first, setting.field, mine),
        second: cellOf(second, setting.field, other),
        ratio: ratioLabel(mine, other, same),
        same,
      },
    ];
  });
}

function cellOf({ recipe }: ConfigRecipe, field: ReadField, value: number | null): SettingCell {
  const stated = recipe.stated[field];
  const assumed = recipe.assumed[field];
  return {
    text: valueLabel(value),
    hint: stated ? stated.path : (assumed ?? ''),
    note: !stated && assumed !== undefined && value !== null ? l10n.t('default') : '',
    ...pointOf(stated ?? { line: null }),
  };
}

function ratioLabel(mine: number | null, other: number | null, same: boolean): string {
  if (same) return l10n.t('same');
  if (!mine || !other) return '';
  return factorLabel(other / mine, 6);
}
