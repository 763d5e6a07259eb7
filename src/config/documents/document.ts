import type { InCell, Range, Stated, TextEdit, TreeSyntax } from '../reading';
import { columnAt, lineAt } from '../syntax/lines';
import type { SyntaxNode } from '../syntax/tree';

/** A text that is read by itself: the whole file, the cells of a notebook, the body of a heredoc. */
export interface Document {
  text: string;
  syntax: TreeSyntax;
  /** The text of the file it is in. */
  file: string;
  /** Where in the file it is; null where it is the file. */
  place: Placement | null;
  /** The tree with what its text alone does not tell, such as what a shell puts in. */
  amend?: (node: SyntaxNode) => SyntaxNode;
}

/** Where a document's text stands in its file. */
export interface Placement {
  /** The file's range of a range of the document; null where it is in several pieces. */
  toFile: (range: Range) => Range | null;
  /** Where people see an offset of the document, if not at a line of the file. */
  inCell?: (offset: number) => InCell | null;
  /** A new piece of text as the file holds it at this offset of the document. */
  encode: (text: string, at: number) => string;
}

/** A text that is a file. */
export function wholeFile(text: string, syntax: TreeSyntax): Document {
  return { text, syntax, file: text, place: null };
}

/** A piece of a document that stands there as it is, to be read by itself. */
export function partOf({ text, file, place }: Document, { start, end }: Range, syntax: TreeSyntax): Document {
  const around = (range: Range): Range => ({ start: range.start + start, end: range.end + start });
  const inCell = place?.inCell;
  return {
    text: text.slice(start, end),
    syntax,
    file,
    place: {
      toFile: (range) => (place ? place.toFile(around(range)) : around(range)),
      ...(inCell ? { inCell: (offset: number) => inCell(offset + start) } : {}),
      encode: (piece, at) => (place ? place.encode(piece, at + start) : piece),
    },
  };
}

/** The file's range of a range of the document; where it is in several pieces, that of its beginning. */
export function rangeInFile({ place }: Document, range: Range): Range {
  if (!place) return range;
  const whole = place.toFile(range);
  return whole ?? place.toFile({ start: range.start, end: range.start }) ?? { start: 0, end: 0 };
}

/** One-based line and column in the file, and the range there; in a notebook the cell, too. */
export function locate(document: Document, range: Range): Pick<Stated, 'line' | 'column' | 'inCell' | 'range'> {
  const inFile = rangeInFile(document, range);
  const inCell = document.place?.inCell?.(range.start);
  const [line, column] = [lineAt(document.file, inFile.start), columnAt(document.file, inFile.start)];
  return { line, column, ...(inCell && { inCell }), range: inFile };
}

/** An offset of the document in words: `line 12`, `cell 4, line 6`. */
export function placeWords(document: Document, offset: number): string {
  return whereWords(locate(document, { start: offset, end: offset }));
}

/** `line 12`, or `cell 4, line 6` in a notebook. */
export function whereWords({ line, inCell }: { line: number; inCell?: InCell }): string {
  return inCell ? `cell ${inCell.cell}, line ${inCell.line}` : `line ${line}`;
}

/** Edits of the document as edits of its file; null where one of them is not in one piece there. */
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
