import { asTrained } from '../plan/as-trained';
import type { Reading, ReadRecipe } from '../reading';

/** One recipe of a config file, with the text it was read from. */
export interface ConfigRecipe {
  text: string;
  reading: Reading;
  /** Without the values that its trainer ignores. */
  recipe: ReadRecipe;
  /** Of the recipe in the reading. */
  index: number;
}

/** Recipe number `index` of a file, without the values that its trainer ignores; null if there is none. */
export function configRecipe(text: string, reading: Reading, index: number): ConfigRecipe | null {
  const recipe = reading.recipes[index];
  return recipe ? { text, reading, index, recipe: asTrained(text, reading, recipe, index) } : null;
}
