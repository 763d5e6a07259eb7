import type { InCell } from '../../config/reading';

/** A line of the file, or of a cell where the file is a notebook, as the pages are told of it. */
export interface LinePoint {
  line: number | null;
  cell?: number;
}

export function pointOf({ line, inCell }: { line: number | null; inCell?: InCell }): LinePoint {
  return inCell ? { line: inCell.line, cell: inCell.cell } : { line };
}
