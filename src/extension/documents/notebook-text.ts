import * as vscode from 'vscode';
import type { Range, TextEdit } from '../../config/reading';
import { MOST_CELLS } from '../../config/syntax/bounds';
import { cellsOf, notebookAround } from './cells';
import { openNotebook, type OpenNotebook } from './open-notebook';

interface Notebook extends OpenNotebook {
  documents: readonly vscode.TextDocument[];
  numbers: readonly number[];
}

/** With all that decides the text of a notebook, cell by cell. */
const texts = new WeakMap<vscode.NotebookDocument, { state: readonly unknown[]; notebook: Notebook }>();

/** The notebook of a cell as one text, made once for each state of its cells; undefined for other documents. */
export function notebookOf(document: vscode.TextDocument): Notebook | undefined {
  const around = notebookAround(document);
  if (!around) return undefined;
  const { coded, numbers } = cellsOf(around);
  // Thousands of cells are not read: so many are enough to be told so.
  const documents = coded.slice(0, MOST_CELLS + 1);
  const state = documents.flatMap((each, i) => [each, each.version, each.languageId, numbers[i]]);
  const last = texts.get(around);
  if (last?.state.length === state.length && state.every((value, i) => value === last.state[i])) return last.notebook;
  // Offsets of a cell are those of its document, whose line ends need not be those of the notebook's file.
  const cells = documents.map((code, i) => ({
    text: code.getText(),
    language: code.languageId,
    number: numbers[i] ?? 0,
  }));
  const notebook: Notebook = { ...openNotebook(cells), documents, numbers };
  texts.set(around, { state, notebook });
  return notebook;
}

/** A range of the notebook's text, in the cell that holds it; null where it is in none. */
export function placeInCells(
  { toCell, documents }: Notebook,
  range: Range,
): { document: vscode.TextDocument; range: Range } | null {
  const place = toCell(range);
  const document = place && documents[place.cell];
  return document ? { document, range: place.range } : null;
}

/** Edits of the notebook's text, each with the cell it belongs to. */
export function editsOfCells(
  notebook: Notebook,
  edits: readonly TextEdit[],
): { document: vscode.TextDocument; edit: TextEdit }[] {
  return edits.flatMap(({ range, text }) => {
    const place = placeInCells(notebook, range);
    return place ? [{ document: place.document, edit: { range: place.range, text: notebook.decode(text) } }] : [];
  });
}

/** What a notebook's code would read like after edits of its text, cell by cell. */
export function codeAfter(
  notebook: Notebook,
  apply: (text: string, edits: TextEdit[]) => string,
  edits: readonly TextEdit[],
): string {
  const placed = editsOfCells(notebook, edits);
  const cells = notebook.documents.map((document, i) => {
    const own = placed.flatMap((one) => (one.document === document ? [one.edit] : []));
    return `# %% ${vscode.l10n.t('cell {0}', notebook.numbers[i] ?? 0)}\n${apply(document.getText(), own)}\n`;
  });
  return cells.join('\n');
}
