import { compare } from '../recipe/compare/compare';
import { isOne } from '../recipe/compare/ratio';
import { RecipeError, type Recipe } from '../recipe/recipe';
import { signatureOf, valueOf, type Quantity } from '../recipe/signature';

/** Recipes that say the same run. */
interface Group<Item> {
  items: Item[];
  recipe: Recipe;
  rates: Rates;
}

/** The two numbers of a signature that nearly always tell two runs apart. */
interface Rates {
  pace: number | null;
  reach: number | null;
}

/**
 * Groups recipes that say the same run: equal signatures, and everything else that decides a run equal as well.
 * The first of a group is what the others are compared with; groups come in the order of their firsts.
 */
export function groupsBySameRun<Item>(items: readonly Item[], recipeOf: (item: Item) => Recipe): Item[][] {
  const groups: Group<Item>[] = [];
  const byRank = new Map<number, Group<Item>[]>();
  for (const item of items) {
    const recipe = recipeOf(item);
    const rates = ratesOf(recipe);
    const candidates = byRank.get(recipe.rank) ?? [];
    const found =
      rates &&
      // Comparing takes a thousand times longer than looking at two numbers.
      candidates.find((group) => isAlike(group.rates, rates) && isSame(group.recipe, recipe));
    if (found) {
      found.items.push(item);
      continue;
    }
    const group = { items: [item], recipe, rates: rates ?? { pace: NaN, reach: NaN } };
    groups.push(group);
    byRank.set(recipe.rank, [...candidates, group]);
  }
  return groups.map((group) => group.items);
}

/** Null where a number of the recipe is none that could be trained with: then it is like no other. */
function ratesOf(recipe: Recipe): Rates | null {
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

function isAlike(a: Rates, b: Rates): boolean {
  return isNear(a.pace, b.pace) && isNear(a.reach, b.reach);
}

function isNear(a: number | null, b: number | null): boolean {
  return a === b || (a !== null && b !== null && a !== 0 && isOne(b / a));
}

function isSame(a: Recipe, b: Recipe): boolean {
  try {
    return compare(a, b).same === true;
  } catch (error) {
    if (error instanceof RecipeError) return false;
    throw error;
  }
}
