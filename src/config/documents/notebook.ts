import * as l10n from '@vscode/l10n';
import { findNodeAtLocation, parseTree, type Node, type ParseError } from 'jsonc-parser';
import type { Range } from '../reading';
import { lineAt } from '../syntax/lines';
import { countWhile } from '../../recipe/search';
import { OUTSIDE_DEFAULT } from '../syntax/shell/locks';
import { commandIn, withScalars, type Lock, type ScalarNode, type SyntaxNode } from '../syntax/tree';
import { cellTexts, type Cell, type CellsText } from './cells';
import type { Document, Placement } from './document';

/** A code cell of a notebook's file, whose source is one string of JSON, or a list of strings. */
export interface StoredCell extends Cell {
  /** The offset in the file of each character of the text, and of its end. Made when it is asked for: it is large. */
  places: () => readonly number[];
  /** Offsets in the text at which the strings begin. */
  starts: readonly number[];
  /** The JSON between two strings of the list; null if the source is one string. */
  between: string | null;
}

/**
 * The code cells of a notebook's JSON (nbformat 4), in order; empty if the JSON is broken.
 * @see https://nbformat.readthedocs.io/en/latest/format_description.html
 */
export function storedCells(file: string): StoredCell[] {
  const top = parsed(file);
  if (!top) return [];
  const kernel =
    textAt(top, 'metadata', 'language_info', 'name') ?? textAt(top, 'metadata', 'kernelspec', 'language') ?? 'python';
  const cells = at(top, 'cells');
  return ((cells?.type === 'array' && cells.children) || []).flatMap((cell, index): StoredCell[] => {
    const source = at(cell, 'source');
    if (textAt(cell, 'cell_type') !== 'code' || !source) return [];
    const all = source.type === 'array' ? (source.children ?? []) : [source];
    const strings = all.filter(({ type }) => type === 'string');
    const starts: number[] = [];
    let text = '';
    for (const { value } of strings) {
      starts.push(text.length);
      text += String(value);
    }
    let places: readonly number[] | null = null;
    const [first, second] = strings;
    const gap = second
      ? [(first?.offset ?? 0) + (first?.length ?? 0), second.offset]
      : [source.offset + 1, first?.offset];
    return [
      {
        text,
        // VS Code stores the language of a cell if it is not the kernel's.
        language: textAt(cell, 'metadata', 'vscode', 'languageId') ?? kernel,
        number: index + 1,
        places: () => (places ??= placesOf(file, strings)),
        starts,
        between: source.type === 'array' ? `${second ? '' : ','}${file.slice(...gap)}` : null,
      },
    ];
  });
}

function placesOf(file: string, strings: readonly Node[]): number[] {
  const places: number[] = [];
  let end = 0;
  for (const { offset, length } of strings) {
    end = offset + length - 1;
    for (let next = offset + 1; next < end; next += sizeAt(file, next)) places.push(next);
  }
  return [...places, end];
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

const at = (node: Node, ...path: string[]): Node | undefined =>
  node.type === 'object' ? findNodeAtLocation(node, path) : undefined;
const textAt = (node: Node, ...path: string[]): string | null => {
  const value: unknown = at(node, ...path)?.value;
  return typeof value === 'string' ? value : null;
};

/** How many characters of JSON stand for the one at an offset: `\n` has 2, `\u0041` has 6. */
const sizeAt = (file: string, offset: number): number => (file[offset] !== '\\' ? 1 : file[offset + 1] === 'u' ? 6 : 2);

/** The documents of a notebook's file, with their positions in its JSON. */
export function notebookDocuments(file: string): Document[] {
  const cells = storedCells(file);
  return cellTexts(cells).map((gathered): Document => {
    const { text, syntax, isExpanded, isMagic } = gathered;
    const cellAt = (range: Range): { cell: StoredCell; start: number; end: number } | null => {
      const found = placeInCell(gathered, range);
      const cell = found && cells[found.cell];
      return cell ? { ...found, cell } : null;
    };
    const place: Placement = {
      toFile: (range) => {
        const found = cellAt(range);
        if (!found) return null;
        const { cell, start, end } = found;
        const [places, { starts }] = [cell.places(), cell];
        const first = places[start] ?? 0;
        if (start === end) return { start: first, end: first };
        const last = places[end - 1] ?? 0;
        const isOne = countWhile(starts, (one) => one <= start) === countWhile(starts, (one) => one < end);
        return isOne ? { start: first, end: last + sizeAt(file, last) } : null;
      },
      inCell: (offset) => {
        const { cell, start } = cellAt({ start: offset, end: offset }) ?? {};
        return cell ? { cell: cell.number, line: lineAt(cell.text, start ?? 0) } : null;
      },
      encode: (added, offset) => encoded(added, cellAt({ start: offset, end: offset })?.cell.between ?? null),
    };
    const amend = (node: SyntaxNode): SyntaxNode => withoutPython(node, isExpanded);
    return { text, syntax, file, place, isMagic, ...(syntax === 'shell' && { amend }) };
  });
}

/** From a range of the text to a cell and a range in it; null if the range is in several cells, or in none. */
export function placeInCell(
  { parts }: Pick<CellsText, 'parts'>,
  { start, end }: Range,
): { cell: number; start: number; end: number } | null {
  const part = parts[countWhile(parts, ({ at: first }) => first <= start) - 1];
  if (!part || end > part.at + part.length) return null;
  const shift = part.offset - part.at;
  return { cell: part.cell, start: start + shift, end: end + shift };
}

const COMPUTED: Lock = {
  code: 'expression',
  message: l10n.t("The notebook's Python puts this value in; write a number in its place before it is changed."),
};

/**
 * Python may set any environment variable of a shell, and IPython puts its variables into a command behind `!`, under the
 * names of shell variables too. These values are known only when the notebook runs.
 */
function withoutPython(node: SyntaxNode, isExpanded: boolean): SyntaxNode {
  const amend = ({ origin, ...own }: ScalarNode): ScalarNode => {
    if (isExpanded && own.raw.includes('$')) {
      return { ...own, value: null, unresolved: own.raw.replace(/\$_+(?:args)?/, '{…}'), lock: COMPUTED };
    }
    if (own.lock?.code === OUTSIDE_DEFAULT) return { ...own, value: null, unresolved: own.raw };
    return { ...own, ...(origin && { origin }) };
  };
  const amended = withScalars(node, amend);
  const command = amended.kind === 'map' ? commandIn(amended) : null;
  if (amended.kind !== 'map' || !command) return amended;
  return { ...amended, tag: { ...command, further: command.further.map(amend) } };
}

/** New text as JSON: one string, or one string a line if the source is a list. */
function encoded(text: string, between: string | null): string {
  const inside = JSON.stringify(text).slice(1, -1);
  return between === null ? inside : inside.replaceAll('\\n', `\\n"${between}"`);
}
