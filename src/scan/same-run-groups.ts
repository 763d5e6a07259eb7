import { isSameRun } from '../recipe/compare/compare-recipes';
import { isOne } from '../recipe/compare/ratio';
import { RecipeError, type Recipe } from '../recipe/recipe';
import { signatureOf, valueOf, type Quantity } from '../recipe/signature';

/** Tells which recipes say the same run: equal signatures, and everything else that decides a run equal as well. */
export interface Grouper {
  /** Equal numbers, equal runs. Asked twice of one recipe, it only looks it up. */
  groupOf(recipe: Recipe): number;
}

/** The two numbers of a signature that nearly always tell two runs apart. */
interface SignatureRates {
  pace: number | null;
  reach: number | null;
}

interface Group {
  id: number;
  /** What the others are compared with. */
  first: Recipe;
  rates: SignatureRates;
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
    const found = candidates.find((group) => isAlike(group.rates, rates) && isSameRun(group.first, recipe) === true);
    if (found) return found.id;
    const group = { id: ++last, first: recipe, rates };
    byRank.set(recipe.rank, [...candidates, group]);
    return group.id;
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
    const group = groups.get(id);
    if (group) group.push(item);
    else groups.set(id, [item]);
  }
  return [...groups.values()];
}

function ratesOf(recipe: Recipe): SignatureRates | null {
  try {
    const { pace, reach } = signatureOf(recipe).quantities;
    return { pace: numberOf(pace), reach: numberOf(reach) };
  } catch (error) {
    if (error instanceof RecipeError) return null;
    throw error;
  }
}

function numberOf(quantity: Quantity | undefined): number | null {
  return quantity ? valueOf(quantity) : null;
}

function isAlike(a: SignatureRates, b: SignatureRates): boolean {
  return isNear(a.pace, b.pace) && isNear(a.reach, b.reach);
}

function isNear(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && a !== 0 && isOne(b / a));
}
