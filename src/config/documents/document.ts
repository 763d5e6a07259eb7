import * as l10n from '@vscode/l10n';
import type { InCell, Range, Stated, TextEdit, TreeSyntax } from '../reading';
import { columnAt, lineAt } from '../syntax/lines';
import type { SyntaxNode } from '../syntax/tree';

/** A part of a file that is read separately: the whole file, or cells of a notebook. */
export interface Document {
  text: string;
  syntax: TreeSyntax;
  /** The text of the file it is in. */
  file: string;
  /** The position in the file; null if the document is the whole file. */
  place: Placement | null;
  /** Whether it is the list of a notebook's magics, one a line. */
  isMagic?: boolean;
  /** Takes out what the text alone does not say, such as the values that a notebook's Python puts in. */
  amend?: (node: SyntaxNode) => SyntaxNode;
}

/** The position of a document's text in its file. */
export interface Placement {
  /** From a range of the document to a range of the file; null if the file holds that range in several parts. */
  toFile: (range: Range) => Range | null;
  /** The cell and line of an offset of the document, in a notebook. */
  inCell?: (offset: number) => InCell | null;
  /** New text as the file writes it at this offset: escaped in the JSON of a notebook. */
  encode: (text: string, at: number) => string;
}

export const wholeFile = (text: string, syntax: TreeSyntax): Document => ({ text, syntax, file: text, place: null });

/** From a range of the document to a range of the file; of several parts, the first. */
export function rangeInFile({ place }: Document, range: Range): Range {
  if (!place) return range;
  return place.toFile(range) ?? place.toFile({ start: range.start, end: range.start }) ?? { start: 0, end: 0 };
}

/** The one-based line and column in the file, the range, and in a notebook the cell. */
export function locate(document: Document, range: Range): Pick<Stated, 'line' | 'column' | 'inCell' | 'range'> {
  const inFile = rangeInFile(document, range);
  const inCell = document.place?.inCell?.(range.start);
  const [line, column] = [lineAt(document.file, inFile.start), columnAt(document.file, inFile.start)];
  return { line, column, ...(inCell && { inCell }), range: inFile };
}

/** An offset of the document in words: `line 12`, `cell 4, line 6`. */
export const placeWords = (document: Document, offset: number): string =>
  whereWords(locate(document, { start: offset, end: offset }));

/** `line 12`, or `cell 4, line 6` in a notebook. */
export const whereWords = ({ line, inCell }: { line: number; inCell?: InCell }): string =>
  inCell ? l10n.t`cell ${inCell.cell}, line ${inCell.line}` : l10n.t`line ${line}`;

/** Edits of the document as edits of its file; null if the file holds the range of an edit in several parts. */
export function editsInFile({ place }: Document, edits: readonly TextEdit[]): TextEdit[] | null {
  if (!place) return [...edits];
  const placed: TextEdit[] = [];
  for (const { range, text } of edits) {
    const inFile = place.toFile(range);
    if (!inFile) return null;
    placed.push({ range: inFile, text: place.encode(text, range.start) });
  }
  return placed;
}
