import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import type { Range } from '../reading';
import { lineAt as lineNumber } from '../syntax/lines';
import { countWhile } from '../syntax/search';
import { cellTexts, placeInCell, type Cell } from './cells';
import type { Document, Placement } from './document';
import { pythonValues } from './python-values';

/** One JSON string of a cell's source, with its positions in the file and in the cell. */
interface SourceString {
  /** Offset after its opening quote. */
  file: number;
  /** Offset of its closing quote. */
  fileEnd: number;
  /** Offset in the cell's text. */
  at: number;
  text: string;
  /** Its escapes: the offset in the text, and how much longer they and those before are than what they stand for. */
  escapes: readonly { at: number; further: number }[];
}

/** A code cell of a notebook's file. */
interface StoredCell extends Cell {
  lines: readonly SourceString[];
  /** The JSON between two strings of the list; null if the source is one string. */
  between: string | null;
}

/**
 * The code cells of a notebook's JSON (nbformat 3 and 4), in order; empty if the JSON is broken.
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
function storedCells(text: string): StoredCell[] {
  const top = parsed(text);
  if (!top) return [];
  const kernel =
    textAt(top, 'metadata', 'language_info', 'name') ?? textAt(top, 'metadata', 'kernelspec', 'language') ?? 'python';
  const sheets = itemsAt(top, 'worksheets').flatMap((sheet) => itemsAt(sheet, 'cells'));
  return [...itemsAt(top, 'cells'), ...sheets].flatMap((cell, index): StoredCell[] => {
    const source = at(cell, 'source') ?? at(cell, 'input');
    if (textAt(cell, 'cell_type') !== 'code' || !source) return [];
    const strings = (source.type === 'array' ? (source.children ?? []) : [source]).filter(
      ({ type }) => type === 'string',
    );
    let length = 0;
    const lines = strings.map((node) => {
      const line = sourceString(text, node, length);
      length += line.text.length;
      return line;
    });
    const [first, second] = strings;
    const gap =
      first && second ? text.slice(endOf(first), second.offset) : `,${text.slice(source.offset + 1, first?.offset)}`;
    return [
      {
        text: lines.map((line) => line.text).join(''),
        // VS Code stores the language of a cell if it is not the kernel's.
        language: textAt(cell, 'language') ?? textAt(cell, 'metadata', 'vscode', 'languageId') ?? kernel,
        number: index + 1,
        lines,
        between: source.type === 'array' ? gap : null,
      },
    ];
  });
}

function parsed(text: string): Node | null {
  const errors: ParseError[] = [];
  try {
    const top = parseTree(text.replace(/^\uFEFF/, ' '), errors, { disallowComments: true });
    return errors.length === 0 ? (top ?? null) : null;
  } catch (error) {
    // The parser recurses for each level, and only absurd nesting overflows the stack.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function sourceString(file: string, { offset, length, value }: Node, at: number): SourceString {
  const [start, end] = [offset + 1, offset + length - 1];
  const escapes: { at: number; further: number }[] = [];
  let further = 0;
  for (let next = file.indexOf('\\', start); next >= 0 && next < end;) {
    const size = file[next + 1] === 'u' ? 6 : 2;
    escapes.push({ at: next - start - further, further: (further += size - 1) });
    next = file.indexOf('\\', next + size);
  }
  return { file: start, fileEnd: end, at, text: String(value), escapes };
}

const endOf = ({ offset, length }: Node): number => offset + length;
const at = (node: Node, ...path: string[]): Node | undefined =>
  node.type === 'object' ? findNodeAtLocation(node, path) : undefined;
const itemsAt = (node: Node, name: string): readonly Node[] => {
  const found = at(node, name);
  return found?.type === 'array' ? (found.children ?? []) : [];
};
const textAt = (node: Node, ...path: string[]): string | null => {
  const value: unknown = at(node, ...path)?.value;
  return typeof value === 'string' ? value : null;
};

/** From an offset of the unescaped line to an offset of the file. */
function fileOffset({ file, fileEnd, escapes }: SourceString, within: number): number {
  const before = escapes[countWhile(escapes, (escape) => escape.at < within) - 1];
  return Math.min(file + within + (before?.further ?? 0), fileEnd);
}

/** The inverse of {@link fileOffset}. */
function textOffset({ file, escapes }: SourceString, offset: number): number {
  const before = escapes[countWhile(escapes, (escape) => file + escape.at + escape.further < offset) - 1];
  return offset - file - (before?.further ?? 0);
}

/** The documents of a notebook's file, with their positions in its JSON. */
export function notebookDocuments(file: string): Document[] {
  const cells = storedCells(file);
  const all = cellTexts(cells);
  const documents = all.map((gathered): Document => {
    const placeOf = (offset: number): { cell: StoredCell; line: SourceString; at: number } | null => {
      const place = placeInCell(gathered, { start: offset, end: offset });
      const cell = place ? cells[place.cell] : undefined;
      if (!place || !cell) return null;
      // The end offset of a line belongs to the next line, except on the last line.
      const line = cell.lines[countWhile(cell.lines, (own) => own.at <= place.start) - 1];
      return line ? { cell, line, at: place.start } : null;
    };
    const place: Placement = {
      toFile: ({ start, end }) => {
        const found = placeOf(start);
        if (!found || !placeInCell(gathered, { start, end })) return null;
        const [from, to] = [found.at - found.line.at, found.at - found.line.at + end - start];
        if (to > found.line.text.length) return null;
        const first = fileOffset(found.line, from);
        return { start: first, end: to === from ? first : fileOffset(found.line, to) };
      },
      inCell: (offset) => {
        const found = placeOf(offset);
        return found ? { cell: found.cell.number, line: lineNumber(found.cell.text, found.at) } : null;
      },
      encode: (text, offset) => encoded(text, placeOf(offset)?.cell.between ?? null),
    };
    return { text: gathered.text, syntax: gathered.syntax, file, place };
  });
  const expanded = pythonValues(documents.find(({ syntax }) => syntax === 'python'));
  return documents.map((document, i): Document => {
    const isExpanded = document.syntax === 'shell' && all[i]?.isExpanded;
    return isExpanded ? { ...document, amend: expanded } : document;
  });
}

/** New text as JSON: one string, or one string a line if the source is a list. */
function encoded(text: string, between: string | null): string {
  const inside = JSON.stringify(text).slice(1, -1);
  return between === null ? inside : inside.replaceAll('\\n', `\\n"${between}"`);
}

/** An open notebook as the text of its file. */
export interface OpenNotebook {
  /** JSON with one cell a line, each source one string: a value on line 4 is in cell 4. */
  text: string;
  /** From a range of the text to a cell and a range of its code; null outside of code. */
  toCell: (range: Range) => { cell: number; range: Range } | null;
  /** From an offset of a cell to an offset of the text. */
  toText: (cell: number, offset: number) => number;
  /** New text of the file as the cell shows it, without JSON's escapes. */
  decode: (text: string) => string;
}

/**
 * The open notebook as the text of a notebook's file, for `readConfig` and `rewriteConfig`. Ranges and edits of that
 * text lead back to the cells.
 * @param cells the code cells, in their order
 */
export function openNotebook(cells: readonly Cell[]): OpenNotebook {
  // Cells without code keep their place, so that those with code keep their number.
  const stored = Array<string>(cells.at(-1)?.number ?? 0).fill('{}');
  for (const { text, language, number } of cells) {
    const metadata = { vscode: { languageId: language } };
    stored[number - 1] = JSON.stringify({ cell_type: 'code', metadata, source: text });
  }
  const text = `{"cells":[${stored.join(',\n')}],"nbformat":4}`;
  const lines = storedCells(text).map(({ lines: [line] }) => line);
  return {
    text,
    toCell: ({ start, end }) => {
      const cell = lines.findIndex((line) => line !== undefined && line.file <= start && end <= line.fileEnd);
      const line = lines[cell];
      return line ? { cell, range: { start: textOffset(line, start), end: textOffset(line, end) } } : null;
    },
    toText: (cell, offset) => {
      const line = lines[cell];
      return line ? fileOffset(line, offset) : 0;
    },
    decode: (piece) => String(JSON.parse(`"${piece}"`)),
  };
}
