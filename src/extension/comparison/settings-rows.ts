import * as l10n from '@vscode/l10n';
import type { ConfigRecipe } from '../../config/compare/config-recipe';
import { valueLabel } from '../../config/compare/compared-rows';
import type { ReadField, ReadRecipe } from '../../config/reading';
import type { SettingCell, SettingRow } from '../../messages/comparison';
import { isOne } from '../../recipe/compare/ratio';
import { factorLabel } from '../../recipe/notation';
import { optimizerRow } from '../../recipe/optimizers/optimizers';
import { statedConstant } from '../../recipe/recipe';
import { pointOf } from '../documents/point';

/** A number of a recipe that a change of the scaling moves, or that makes up for one. */
interface ComparedSetting {
  name: string;
  field: ReadField;
  of: (recipe: ReadRecipe) => number | null;
  /** Shown where it is the same, too. */
  isAlways?: boolean;
}

const SETTINGS: readonly ComparedSetting[] = [
  { name: 'alpha', field: 'alpha', of: ({ alpha }) => alpha, isAlways: true },
  { name: l10n.t('scaling s'), field: 'scaling', of: ({ scaling }) => scaling, isAlways: true },
  { name: l10n.t('learning rate'), field: 'learningRate', of: ({ learningRate }) => learningRate, isAlways: true },
  { name: l10n.t('learning rate of A'), field: 'lrA', of: ({ lrA }) => lrA },
  { name: l10n.t('LoRA+ ratio'), field: 'loraplusLrRatio', of: ({ loraplusLrRatio }) => loraplusLrRatio },
  { name: l10n.t('weight decay'), field: 'weightDecay', of: ({ optimizer }) => optimizer.weightDecay },
  { name: l10n.t('max grad norm'), field: 'maxGradNorm', of: ({ maxGradNorm }) => maxGradNorm },
  { name: l10n.t('max grad value'), field: 'maxGradValue', of: ({ maxGradValue }) => maxGradValue ?? null },
];

/** The numbers of both files that the scaling goes with: what differs, and alpha, scaling and rate in any case. */
export function settingRows(first: ConfigRecipe, second: ConfigRecipe): SettingRow[] {
  const constants = [first, second].flatMap(
    ({ recipe }) => optimizerRow(recipe.optimizer.row)?.constants.map(({ constant }) => constant) ?? [],
  );
  const ofOptimizer = [...new Set(constants)].map((id): ComparedSetting => ({
    name: id,
    field: id,
    of: ({ optimizer }) => statedConstant(optimizer, id),
  }));
  return [...SETTINGS, ...ofOptimizer].flatMap((setting) => {
    const [mine, other] = [setting.of(first.recipe), setting.of(second.recipe)];
    const same = mine === other || (mine !== null && other !== null && mine !== 0 && isOne(other / mine));
    if ((same && !setting.isAlways) || (mine === null && other === null)) return [];
    return [
      {
        name: setting.name,
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
