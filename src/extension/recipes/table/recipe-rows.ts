import { scalingSymbol } from '../../../recipe/notation';
import type { RecipeRow } from '../../../messages/recipes';
import { rateOfA, rateOfB, sameRunReason } from '../../../scan/recipe-labels';
import { groupsBySameRun, type Grouper } from '../../../scan/same-run-groups';
import type { FileSummary, RecipeSummary } from '../../../scan/summary';

/** A config of the workspace. */
export interface ListedFile {
  /** Its address. */
  id: string;
  /** Within the workspace, as it is shown. */
  path: string;
  summary: FileSummary;
}

/** One row a recipe, and one for each file that cannot be read, in the order of the files. */
export function recipeRows(files: readonly ListedFile[], grouper: Grouper): RecipeRow[] {
  const recipes = files.flatMap((file) => file.summary.recipes.map((recipe) => ({ file, recipe })));
  const runs = new Map<RecipeSummary, NonNullable<RecipeRow['run']>>();
  const groups = groupsBySameRun(recipes, ({ recipe }) => recipe.recipe, grouper).filter((group) => group.length > 1);
  groups.forEach((group, index) => {
    const run = {
      letter: letterOf(index),
      why: sameRunReason(group.map(({ recipe }) => recipe.recipe)),
      isOpen: group.some(({ file }) => file.summary.notUnderstood !== null),
    };
    for (const { recipe } of group) runs.set(recipe, run);
  });
  return files.flatMap(({ id, path, summary }) => {
    const slash = path.lastIndexOf('/');
    const file = { name: path.slice(slash + 1), folder: path.slice(0, Math.max(0, slash)), trainer: summary.trainer };
    if (summary.recipes.length === 0) {
      return [{ ...file, id, recipe: '', numbers: null, run: null, note: summary.error?.message ?? '' }];
    }
    return summary.recipes.map((recipe) => ({
      ...file,
      id: rowId(id, recipe.index),
      recipe: summary.recipes.length > 1 ? recipe.name : '',
      numbers: numbersOf(recipe),
      run: runs.get(recipe) ?? null,
      note: summary.notUnderstood ?? '',
    }));
  });
}

/** How a row names its recipe to the host. */
export function rowId(file: string, index: number): string {
  return `${file}#${index}`;
}

function numbersOf({ recipe }: RecipeSummary): RecipeRow['numbers'] {
  const { rank, alpha, scaling, scalingRule } = recipe;
  return {
    rank,
    alpha: scalingRule === 'direct' ? null : alpha,
    scaling,
    rule: scalingSymbol(scalingRule),
    rate: rateOfA(recipe),
    rateB: rateOfB(recipe),
  };
}

/** `A`, `B`, … `Z`, `AA`, `AB`, … */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
