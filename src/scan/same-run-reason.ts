import * as l10n from '@vscode/l10n';
import { isOne } from '../recipe/compare/ratio';
import type { Recipe } from '../recipe/recipe';
import { rateOfA, rateOfB } from './recipe-labels';

/** Why recipes with one signature are one run, in a phrase: `lr, s and rank equal`. */
export function sameRunReason(recipes: readonly Recipe[]): string {
  const isEqual = (of: (recipe: Recipe) => number | null): boolean => areEqual(recipes.map(of));
  if (!isEqual(({ scaling }) => scaling)) return l10n.t('s differs, other numbers make up for it');
  if (!isEqual(rateOfA) || !isEqual(rateOfB)) return l10n.t('signatures equal, though lr differs');
  return recipes.some((recipe) => rateOfA(recipe) === null)
    ? l10n.t('s and rank equal, lr not stated')
    : l10n.t('lr, s and rank equal');
}

function areEqual([first = null, ...others]: readonly (number | null)[]): boolean {
  return others.every((other) => other === first || (other !== null && first !== null && isOne(other / first)));
}
