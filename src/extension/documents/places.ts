import type { InCell, Range, ReadField, ReadRecipe, Reading, Stated } from '../../config/reading';
import { visible } from '../../recipe/visible';

export interface FieldAt {
  field: ReadField;
  network: number;
  recipe: ReadRecipe;
  stated: Stated;
}

/** The hyperparameter whose key or value stands at an offset of the text, or null. */
export function fieldAt({ recipes }: Reading, offset: number): FieldAt | null {
  const holds = (range: Range | undefined): boolean =>
    range !== undefined && range.start <= offset && offset <= range.end;
  for (const [network, recipe] of recipes.entries()) {
    const all = Object.entries(recipe.stated) as [ReadField, Stated][];
    const found = all.find(([, { range, key }]) => holds(range) || holds(key));
    if (found) return { field: found[0], network, recipe, stated: found[1] };
  }
  return null;
}

/** The network whose values stand nearest above an offset of the text; the first where there is no offset. */
export function networkAbove({ recipes }: Reading, offset: number | null): number {
  if (offset === null) return 0;
  const above = recipes.filter(({ stated: { rank, alpha } }) => {
    const stated = rank ?? alpha;
    return ((stated?.key ?? stated?.range)?.start ?? 0) <= offset;
  });
  return Math.max(0, above.length - 1);
}

/** A line of the file, or of a cell where the file is a notebook, as the pages are told of it. */
export function pointOf<Line extends number | null>({
  line,
  inCell,
}: {
  line: Line;
  inCell?: InCell;
}): { line: Line | number; cell?: number } {
  return inCell ? { line: inCell.line, cell: inCell.cell } : { line };
}

/** `train.yml`: the last part of an address, as it is shown. Addresses have slashes on every platform. */
export function fileNameOf({ path }: { readonly path: string }): string {
  return visible(path.slice(path.lastIndexOf('/') + 1));
}
