import { asTrained } from '../plan/as-trained';
import type { Reading, ReadRecipe } from '../reading';

/** One recipe of a config file, with the text it was read from. */
export interface ConfigRecipe {
  text: string;
  reading: Reading;
  /** As its trainer takes it. */
  recipe: ReadRecipe;
  /** Of the recipe in the reading. */
  index: number;
}

/** The recipe number `index` of a file as its trainer takes it, or null where there is none. */
export function configRecipe(text: string, reading: Reading, index: number): ConfigRecipe | null {
  const recipe = reading.recipes[index];
  return recipe ? { text, reading, index, recipe: asTrained(text, reading, recipe, index) } : null;
}
