import type { InCell } from '../../config/reading';
import type { LinePoint } from '../../messages/place';

/** A line of the file, or of a cell where the file is a notebook, as the pages are told of it. */
export function pointOf({ line, inCell }: { line: number | null; inCell?: InCell }): LinePoint {
  return inCell ? { line: inCell.line, cell: inCell.cell } : { line };
}
