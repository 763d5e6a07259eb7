import * as l10n from '@vscode/l10n';
import * as v from 'valibot';

/** A line of a file, or of a cell of a notebook; both one-based, cells of every kind counted. */
export const place = v.object({ line: v.number(), cell: v.exactOptional(v.number()) });

export type FilePlace = v.InferOutput<typeof place>;

/** The same, or no line at all. */
export interface LinePoint {
  line: number | null;
  cell?: number;
}

/** `line 12`; `cell 4, line 6` in a notebook. */
export function placeLabel({ line, cell }: FilePlace): string {
  return cell === undefined ? l10n.t`line ${line}` : l10n.t`cell ${cell}, line ${line}`;
}

/** Where a row or a message stands; null where it stands on no line. */
export function filePlaceOf({ line, cell }: LinePoint): FilePlace | null {
  return line === null ? null : { line, ...(cell !== undefined && { cell }) };
}
