import type { InCell, ReadField, ReadRecipe, Reading, Stated } from '../../config/reading';
import type { LinePoint } from '../../messages/place';
import { visible } from '../../recipe/visible';

/** A hyperparameter of a recipe, where its file states it. */
export interface FieldAt {
  field: ReadField;
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

/** The network whose values stand nearest above an offset of the text; the first where there is no offset. */
export function networkAbove({ recipes }: Reading, offset: number | null): number {
  if (offset === null || recipes.length < 2) return 0;
  const starts = recipes.map(({ stated: { rank, alpha } }) => {
    const stated = rank ?? alpha;
    return (stated?.key ?? stated?.range)?.start ?? 0;
  });
  return Math.max(0, starts.filter((start) => start <= offset).length - 1);
}

function holds({ start, end }: { start: number; end: number }, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** A line of the file, or of a cell where the file is a notebook, as the pages are told of it. */
export function pointOf({ line, inCell }: { line: number | null; inCell?: InCell }): LinePoint {
  return inCell ? { line: inCell.line, cell: inCell.cell } : { line };
}

/** `train.yml`: the last part of an address, as it is shown. Addresses have slashes on every platform. */
export function fileNameOf({ path }: { readonly path: string }): string {
  return visible(path.slice(path.lastIndexOf('/') + 1));
}
