import type { ReadField, Reading, ReadRecipe, Stated } from '../../config/reading';

/** A hyperparameter of a recipe, where its file states it. */
export interface FieldAt {
  field: ReadField;
  /** The recipe, by its place in the reading. */
  network: number;
  recipe: ReadRecipe;
  stated: Stated;
}

/** The hyperparameter whose key or value stands at an offset of the text, or null. */
export function fieldAt({ recipes }: Reading, offset: number): FieldAt | null {
  for (const [network, recipe] of recipes.entries()) {
    for (const [field, stated] of Object.entries(recipe.stated) as [ReadField, Stated][]) {
      if (holds(stated.range, offset) || (stated.key && holds(stated.key, offset))) {
        return { field, network, recipe, stated };
      }
    }
  }
  return null;
}

function holds({ start, end }: { start: number; end: number }, offset: number): boolean {
  return start <= offset && offset <= end;
}
