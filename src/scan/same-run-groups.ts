import { isSameRun } from '../recipe/compare/compare-recipes';
import { isOne } from '../recipe/compare/ratio';
import { RecipeError, type Recipe } from '../recipe/recipe';
import { signatureOf, valueOf } from '../recipe/signature';

/**
 * The number of a recipe's run: equal for recipes with equal signatures that are alike in everything else that decides
 * a run. Asked twice of one recipe, it only looks it up.
 */
export type Grouper = (recipe: Recipe) => number;

/** Pace and reach: the two numbers of a signature that nearly always tell two runs apart. */
type Rates = readonly (number | null)[];

/** A grouper that takes recipes one by one, as they are found, so that no list of many has to be grouped at once. */
export function createGrouper(): Grouper {
  const known = new WeakMap<Recipe, number>();
  /** One recipe of each run, which others are compared with. */
  const byRank = new Map<number, { id: number; first: Recipe; rates: Rates }[]>();
  let last = 0;
  return (recipe) => {
    const before = known.get(recipe);
    if (before !== undefined) return before;
    const groups = byRank.get(recipe.rank) ?? [];
    const rates = ratesOf(recipe);
    // Comparing takes a thousand times longer than looking at two numbers.
    const isAlike = (of: Rates): boolean => rates?.every((rate, i) => isNear(of[i] ?? null, rate)) ?? false;
    const found = groups.find((group) => isAlike(group.rates) && isSameRun(group.first, recipe) === true);
    const id = found?.id ?? ++last;
    // A recipe without a signature (RecipeError) gets its own group, which no later recipe joins.
    if (rates && !found) byRank.set(recipe.rank, [...groups, { id, first: recipe, rates }]);
    known.set(recipe, id);
    return id;
  };
}

/** Items whose recipes say the same run stand together, in the order of the first of each. */
export function groupsBySameRun<Item>(
  items: readonly Item[],
  recipeOf: (item: Item) => Recipe,
  groupOf: Grouper = createGrouper(),
): Item[][] {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const id = groupOf(recipeOf(item));
    const group = groups.get(id) ?? [];
    group.push(item);
    groups.set(id, group);
  }
  return [...groups.values()];
}

function ratesOf(recipe: Recipe): Rates | null {
  try {
    const { pace, reach } = signatureOf(recipe).quantities;
    return [pace, reach].map((quantity) => (quantity ? valueOf(quantity) : null));
  } catch (error) {
    if (error instanceof RecipeError) return null;
    throw error;
  }
}

/** Whether two numbers that may be unknown agree up to written digits. */
export function isNear(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && a !== 0 && isOne(b / a));
}
