import type { Range } from '../reading';
import { lineAt as lineNumber } from '../syntax/lines';
import { cellTexts, placeInCell, type Cell } from './cells';
import type { Document, Placement } from './document';
import { pythonValues } from './python-values';
import { afterSpace, membersOf, type JsonMember } from './json-scan';
import { countWhile } from '../syntax/search';

/** One JSON string of a cell's source, with its positions in the file and in the cell. */
export interface SourceString {
  /** Offset after its opening quote. */
  file: number;
  /** Offset of its closing quote. */
  fileEnd: number;
  /** Offset in the cell's text. */
  at: number;
  text: string;
}

/** A code cell of a notebook's file. */
export interface StoredCell extends Cell {
  lines: readonly SourceString[];
  /** The JSON between two strings of the list; null if the source is one string. */
  between: string | null;
}

/**
 * The code cells of a notebook's JSON (nbformat 3 and 4), in order; empty if the JSON is broken.
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function storedCells(text: string): StoredCell[] {
  const top = membersOf(text, afterSpace(text, text.startsWith('\uFEFF') ? 1 : 0));
  if (!top) return [];
  const language = languageOf(text, top);
  const sheets = itemsAt(text, top, 'worksheets').flatMap((sheet) =>
    itemsAt(text, membersOf(text, sheet.start), 'cells'),
  );
  const all = [...itemsAt(text, top, 'cells'), ...sheets];
  return all.flatMap((cell, index) => storedCell(text, cell, index + 1, language));
}

function storedCell(text: string, cell: JsonMember, number: number, kernel: string): StoredCell[] {
  const members = membersOf(text, cell.start) ?? [];
  if (textAt(text, members, 'cell_type') !== 'code') return [];
  const source = members.find(({ key }) => key === 'source') ?? members.find(({ key }) => key === 'input');
  if (!source) return [];
  const isOne = text[source.start] === '"';
  const strings = isOne ? [source] : (membersOf(text, source.start) ?? []).filter(({ start }) => text[start] === '"');
  let at = 0;
  const lines = strings.flatMap(({ start, end }): SourceString[] => {
    const decoded = decodedString(text.slice(start, end));
    if (decoded === null) return [];
    at += decoded.length;
    return [{ file: start + 1, fileEnd: end - 1, at: at - decoded.length, text: decoded }];
  });
  const [first, second] = strings;
  const gap = first && second ? text.slice(first.end, second.start) : `,${text.slice(source.start + 1, first?.start)}`;
  const between = isOne ? null : gap;
  const language = textAt(text, members, 'language') ?? cellLanguage(text, members) ?? kernel;
  return [{ text: lines.map((line) => line.text).join(''), language, number, lines, between }];
}

/** The language that VS Code stores for a cell if it is not the kernel's. */
function cellLanguage(text: string, members: readonly JsonMember[]): string | null {
  const metadata = members.find(({ key }) => key === 'metadata');
  const vscode = metadata && membersOf(text, metadata.start)?.find(({ key }) => key === 'vscode');
  return vscode ? textAt(text, membersOf(text, vscode.start) ?? [], 'languageId') : null;
}

/** The kernel's language; defaults to Python. */
function languageOf(text: string, top: readonly JsonMember[]): string {
  const metadata = top.find(({ key }) => key === 'metadata');
  const members = (metadata && membersOf(text, metadata.start)) ?? [];
  for (const [group, name] of [
    ['language_info', 'name'],
    ['kernelspec', 'language'],
  ] as const) {
    const found = members.find(({ key }) => key === group);
    const language = found && textAt(text, membersOf(text, found.start) ?? [], name);
    if (language) return language;
  }
  return 'python';
}

function itemsAt(text: string, members: readonly JsonMember[] | null, name: string): JsonMember[] {
  const found = members?.find(({ key }) => key === name);
  return (found && membersOf(text, found.start)) ?? [];
}

function textAt(text: string, members: readonly JsonMember[], name: string): string | null {
  const found = members.find(({ key }) => key === name);
  return found && text[found.start] === '"' ? decodedString(text.slice(found.start, found.end)) : null;
}

function decodedString(token: string): string | null {
  try {
    return String(JSON.parse(token));
  } catch {
    return null;
  }
}

/** The documents of a notebook's file, with their positions in its JSON. */
export function notebookDocuments(file: string): Document[] {
  const cells = storedCells(file);
  const all = cellTexts(cells);
  const documents = all.map((gathered): Document => {
    const lineAt = (offset: number): { cell: StoredCell; line: SourceString; within: number } | null => {
      const place = placeInCell(gathered, { start: offset, end: offset });
      const cell = place ? cells[place.cell] : undefined;
      if (!place || !cell) return null;
      // The end offset of a line belongs to the next line, except on the last line.
      const line = cell.lines[countWhile(cell.lines, ({ at }) => at <= place.start) - 1];
      return line ? { cell, line, within: place.start - line.at } : null;
    };
    const place: Placement = {
      toFile: ({ start, end }) => {
        const from = lineAt(start);
        if (!from || !placeInCell(gathered, { start, end })) return null;
        const length = end - start;
        return from.within + length <= from.line.text.length ? rangeIn(file, from.line, from.within, length) : null;
      },
      inCell: (offset) => {
        const place = placeInCell(gathered, { start: offset, end: offset });
        const cell = place && cells[place.cell];
        return cell ? { cell: cell.number, line: lineNumber(cell.text, place.start) } : null;
      },
      encode: (text, at) => encoded(text, lineAt(at)?.cell.between ?? null),
    };
    return { text: gathered.text, syntax: gathered.syntax, file, place };
  });
  const expanded = pythonValues(documents.find(({ syntax }) => syntax === 'python'));
  return documents.map((document, i): Document => {
    const isExpanded = document.syntax === 'shell' && all[i]?.isExpanded;
    return isExpanded ? { ...document, amend: expanded } : document;
  });
}

/** The range in the file of `length` characters of a line. */
function rangeIn(file: string, line: SourceString, within: number, length: number): Range {
  const start = fileOffset(file, line, within);
  return { start, end: length === 0 ? start : fileOffset(file, line, within + length) };
}

/** From an offset of the unescaped line to an offset of the file. */
export function fileOffset(file: string, line: SourceString, within: number): number {
  const escapes = escapesOf(file, line);
  const before = escapes[countWhile(escapes, ({ at }) => at < within) - 1];
  return Math.min(line.file + within + (before?.further ?? 0), line.fileEnd);
}

/**
 * An escape in a line. `at`: its offset in the unescaped text. `further`: by how many characters this escape and the
 * escapes before it are longer than the characters they stand for.
 */
interface Escape {
  at: number;
  further: number;
}

/** Cached, because a whole cell may be one line and its offsets are asked for many times. */
const ESCAPES = new WeakMap<SourceString, readonly Escape[]>();

function escapesOf(file: string, line: SourceString): readonly Escape[] {
  const known = ESCAPES.get(line);
  if (known) return known;
  const escapes: Escape[] = [];
  let further = 0;
  for (let at = file.indexOf('\\', line.file); at >= 0 && at < line.fileEnd;) {
    const length = stepAt(file, at);
    escapes.push({ at: at - line.file - further, further: (further += length - 1) });
    at = file.indexOf('\\', at + length);
  }
  ESCAPES.set(line, escapes);
  return escapes;
}

/** From an offset of the file to an offset of the unescaped line: the inverse of {@link fileOffset}. */
export function textOffset(file: string, { file: start }: SourceString, offset: number): number {
  if (!file.slice(start, offset).includes('\\')) return offset - start;
  let passed = 0;
  for (let at = start; at < offset; at += stepAt(file, at)) passed += 1;
  return passed;
}

/** The number of characters that JSON needs for one character of the text. */
function stepAt(file: string, at: number): number {
  return file[at] !== '\\' ? 1 : file[at + 1] === 'u' ? 6 : 2;
}

/** New text as JSON: one string, or one string a line if the source is a list. */
function encoded(text: string, between: string | null): string {
  const inside = JSON.stringify(text).slice(1, -1);
  return between === null ? inside : inside.replaceAll('\\n', `\\n"${between}"`);
}
