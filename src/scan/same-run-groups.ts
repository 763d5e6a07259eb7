import { isSameRun } from '../recipe/compare/compare-recipes';
import { isOne } from '../recipe/compare/ratio';
import { RecipeError, type Recipe } from '../recipe/recipe';
import { signatureOf, valueOf } from '../recipe/signature';

/** Tells which recipes say the same run: equal signatures, and everything else that decides a run equal as well. */
export interface Grouper {
  /** Equal numbers, equal runs. Asked twice of one recipe, it only looks it up. */
  groupOf(recipe: Recipe): number;
}

/** Pace and reach: the two numbers of a signature that nearly always tell two runs apart. */
type Rates = readonly (number | null)[];

interface Group {
  id: number;
  /** The recipe that others are compared with. */
  first: Recipe;
  rates: Rates;
}

/** A grouper that takes recipes one by one, as they are found, so that no list of many has to be grouped at once. */
export function createGrouper(): Grouper {
  const known = new WeakMap<Recipe, number>();
  const byRank = new Map<number, Group[]>();
  let last = 0;

  const find = (recipe: Recipe): number => {
    const rates = ratesOf(recipe);
    // A recipe with a number that nobody could train with is like no other.
    if (!rates) return ++last;
    const candidates = byRank.get(recipe.rank) ?? [];
    // Comparing takes a thousand times longer than looking at two numbers.
    const isAlike = (group: Group): boolean => group.rates.every((rate, i) => isNear(rate, rates[i] ?? null));
    const found = candidates.find((group) => isAlike(group) && isSameRun(group.first, recipe) === true);
    if (found) return found.id;
    byRank.set(recipe.rank, [...candidates, { id: ++last, first: recipe, rates }]);
    return last;
  };

  return {
    groupOf(recipe) {
      const id = known.get(recipe) ?? find(recipe);
      known.set(recipe, id);
      return id;
    },
  };
}

/** Items whose recipes say the same run stand together, in the order of the first of each. */
export function groupsBySameRun<Item>(
  items: readonly Item[],
  recipeOf: (item: Item) => Recipe,
  grouper: Grouper = createGrouper(),
): Item[][] {
  const groups = new Map<number, Item[]>();
  for (const item of items) {
    const id = grouper.groupOf(recipeOf(item));
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
