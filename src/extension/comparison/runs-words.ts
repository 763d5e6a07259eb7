import * as l10n from '@vscode/l10n';
import type { Range, Reading } from '../../config/reading';
import { groupsBySameRun } from '../../scan/same-run-groups';
import { numbersLabel } from '../../scan/recipe-labels';

interface FileRuns {
  /** `6 recipes, 4 different runs` */
  title: string;
  /** What "the same" means here. */
  claim: string;
  range: Range;
  /** Recipes that are one run, by their index in the file, under a heading (`run 2`); a run alone is a group of one. */
  groups: readonly { heading: string; runs: readonly { label: string; recipe: number }[] }[];
}

/**
 * The runs of a file that starts several trainings; null for a file with one. Recipes of one training share its name; a
 * file with two names has two trainings.
 */
export function fileRuns({ recipes }: Reading): FileRuns | null {
  const names = new Set(recipes.map(({ run }) => run));
  const place = recipes.map(({ stated }) => stated.alpha ?? stated.rank).find((stated) => stated !== undefined);
  if (names.size < 2 || !place) return null;
  const items = recipes.map((recipe, index) => ({ recipe, index }));
  const groups = groupsBySameRun(items, ({ recipe }) => recipe);
  const count = recipes.length;
  return {
    title:
      groups.length === 1
        ? l10n.t`${count} recipes, all one run`
        : l10n.t`${count} recipes, ${groups.length} different runs`,
    claim: l10n.t('All rows under one heading are one run, as far as the file was read.'),
    range: place.range,
    groups: groups.map((group, number) => ({
      heading: l10n.t`run ${number + 1}`,
      runs: group.map(({ recipe, index }) => ({ label: `${recipe.name} · ${numbersLabel(recipe)}`, recipe: index })),
    })),
  };
}
