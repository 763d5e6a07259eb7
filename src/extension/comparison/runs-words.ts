import * as l10n from '@vscode/l10n';
import type { Combination, Finding, Range, Reading, ReadRecipe, SearchRuns } from '../../config/reading';
import { numberLabel } from '../../recipe/notation';
import { groupsBySameRun } from '../../scan/same-run-groups';
import { numbersLabel } from '../../scan/recipe-labels';

/** Runs of one file that are the same run, under a heading; a run alone is a group of one. */
interface RunGroup {
  /** `AdamW, run 2` */
  heading: string;
  runs: readonly {
    label: string;
    /** Of the recipe in the file; null in a search, which has none. */ recipe: number | null;
  }[];
}

export interface FileRuns {
  /** `6 combinations, 4 runs under AdamW` */
  title: string;
  /** What "the same" means here. */
  claim: string;
  range: Range;
  groups: readonly RunGroup[];
}

/** The runs of a search, or of a file that starts several trainings; null for a file with one run. */
export function fileRuns({ findings, recipes }: Reading): FileRuns | null {
  const found = findings.find((finding): finding is Finding & { search: SearchRuns } => finding.search !== undefined);
  return found?.range ? ofSearch(found.search, found.range) : ofTrainings(recipes);
}

function ofSearch({ under, alpha, learningRate, eachRank }: SearchRuns, range: Range): FileRuns {
  const combinations = under[0]?.runs.flat().length ?? 0;
  const counts = under.map(({ optimizer, runs }) => l10n.t`${runs.length} runs under ${optimizer}`).join(', ');
  const labelOf = (one: Combination): string =>
    `${alpha} ${numberLabel(one.alpha)} · ${learningRate} ${numberLabel(one.learningRate)}`;
  return {
    title: l10n.t`${combinations} combinations, ${counts}`,
    claim: eachRank
      ? l10n.t(
          'At each rank, all rows under one heading are one run, except for the size of the init, weight decay, eps and max grad norm.',
        )
      : l10n.t(
          'All rows under one heading are one run, except for the size of the init, weight decay, eps and max grad norm.',
        ),
    range,
    groups: under.flatMap(({ optimizer, runs }) =>
      runs.map((run, index) => ({
        heading: l10n.t`${optimizer}, run ${index + 1}`,
        runs: run.map((one) => ({ label: labelOf(one), recipe: null })),
      })),
    ),
  };
}

/** Recipes of one training share its name; a file with two names has two trainings. */
function ofTrainings(recipes: readonly ReadRecipe[]): FileRuns | null {
  const names = new Set(recipes.map(({ run }) => run));
  const place = recipes.map(({ stated }) => stated.alpha ?? stated.rank).find((stated) => stated !== undefined);
  if (names.size < 2 || !place) return null;
  const items = recipes.map((recipe, index) => ({ recipe, index }));
  const groups = groupsBySameRun(items, ({ recipe }) => recipe);
  return {
    title:
      groups.length === 1
        ? l10n.t`${recipes.length} recipes, all one run`
        : l10n.t`${recipes.length} recipes, ${groups.length} different runs`,
    claim: l10n.t('All rows under one heading are one run, as far as the file was read.'),
    range: place.range,
    groups: groups.map((group, number) => ({
      heading: l10n.t`run ${number + 1}`,
      runs: group.map(({ recipe, index }) => ({ label: `${recipe.name} · ${numbersLabel(recipe)}`, recipe: index })),
    })),
  };
}
