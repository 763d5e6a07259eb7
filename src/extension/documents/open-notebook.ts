import type { Cell } from '../../config/documents/cells';
import { storedCells } from '../../config/documents/notebook';
import type { Range } from '../../config/reading';
import { countWhile } from '../../recipe/search';

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
  const places = storedCells(text).map((cell) => cell.places());
  return {
    text,
    toCell: ({ start, end }) => {
      const cell = places.findIndex(([first = 0], i) => first <= start && end <= (places[i]?.at(-1) ?? 0));
      const offsets = places[cell];
      if (!offsets) return null;
      const offsetOf = (place: number): number => countWhile(offsets, (own) => own < place);
      return { cell, range: { start: offsetOf(start), end: offsetOf(end) } };
    },
    toText: (cell, offset) => places[cell]?.[offset] ?? 0,
    decode: (piece) => String(JSON.parse(`"${piece}"`)),
  };
}
