import * as l10n from '@vscode/l10n';
import { numberLabel } from '../recipe/notation';
import { optimizerRow } from '../recipe/optimizers/optimizers';
import type { Recipe } from '../recipe/recipe';
import { isNear } from './same-run-groups';

/** The optimizer, and DoRA: `AdamW`, `Muon · DoRA`; empty where the file names none. */
export function methodLabel({ optimizer: { name, row }, useDora }: Recipe): string {
  const optimizer = optimizerRow(row)?.title ?? name ?? '';
  return [optimizer, useDora ? 'DoRA' : ''].filter((part) => part !== '').join(' · ');
}

/** What decides most: `lr 2e-4 · s 1 · AdamW`, or `lr 2e-4 (B 0.0032) · s 1`. What is not stated is left out. */
export function decidingLabel(recipe: Recipe): string {
  const [a, b] = [rateOfA(recipe), rateOfB(recipe)];
  const ofB = b === null || b === a ? '' : ` (B ${numberLabel(b)})`;
  const rate = a === null ? [] : [`lr ${numberLabel(a)}${ofB}`];
  const method = methodLabel(recipe);
  return [...rate, `s ${numberLabel(recipe.scaling)}`, ...(method === '' ? [] : [method])].join(' · ');
}

/** The same with rank and alpha: `lr 2e-4 · s 2 · AdamW · r 16 · α 32`. */
export function numbersLabel(recipe: Recipe): string {
  const { alpha, rank, scalingRule } = recipe;
  const ofAlpha = scalingRule === 'direct' ? [] : [`α ${numberLabel(alpha)}`];
  return [decidingLabel(recipe), `r ${rank}`, ...ofAlpha].join(' · ');
}

/** The learning rate of A; null if not stated. */
export function rateOfA({ lrA, learningRate }: Recipe): number | null {
  return lrA ?? learningRate;
}

/** The learning rate of B, with LoRA+ another than that of A; null if not stated. */
export function rateOfB(recipe: Recipe): number | null {
  const a = rateOfA(recipe);
  return recipe.lrB ?? (a === null ? null : a * (recipe.loraplusLrRatio ?? 1));
}

/** The shortest ends of paths that tell them apart: `train.yml`, or `a/train.yml` and `b/train.yml`. */
export function shortNames(paths: readonly string[]): string[] {
  const endsOf = (path: string): string[] => {
    const parts = path.split('/').filter((part) => part !== '');
    return parts.map((_, i) => parts.slice(-1 - i).join('/'));
  };
  const counts = new Map<string, number>();
  for (const end of [...new Set(paths)].flatMap(endsOf)) counts.set(end, (counts.get(end) ?? 0) + 1);
  return paths.map((path) => {
    const ends = endsOf(path);
    return ends.find((end) => counts.get(end) === 1) ?? ends.at(-1) ?? '';
  });
}

/** Why recipes with one signature are one run, in a phrase: `lr, s and rank equal`. */
export function sameRunReason(recipes: readonly Recipe[]): string {
  const isEqual = (of: (recipe: Recipe) => number | null): boolean => {
    const [first = null, ...others] = recipes.map(of);
    return others.every((other) => isNear(first, other));
  };
  if (!isEqual(({ scaling }) => scaling)) return l10n.t('s differs, other numbers make up for it');
  if (!isEqual(rateOfA) || !isEqual(rateOfB)) return l10n.t('signatures equal, though lr differs');
  return recipes.some((recipe) => rateOfA(recipe) === null)
    ? l10n.t('s and rank equal, lr not stated')
    : l10n.t('lr, s and rank equal');
}
