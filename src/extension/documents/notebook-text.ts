import * as vscode from 'vscode';
import { type OpenNotebook, openNotebook } from '../../config/documents/notebook';
import type { Range, TextEdit } from '../../config/reading';
import { MOST_CELLS } from '../../config/syntax/bounds';
import { codeCellNumbers, codeCells, notebookAround } from './cells';

interface Notebook extends OpenNotebook {
  documents: readonly vscode.TextDocument[];
  /** The number of each among all cells, as the editor counts them. */
  numbers: readonly number[];
}

/** All that decides the text of a notebook, cell by cell. */
interface NotebookState {
  documents: readonly vscode.TextDocument[];
  numbers: readonly number[];
  versions: readonly number[];
  languages: readonly string[];
}

const texts = new WeakMap<vscode.NotebookDocument, { state: NotebookState; notebook: Notebook }>();

/** The notebook a cell is part of, as one text, made once for each state of its cells; undefined for other documents. */
export function notebookOf(document: vscode.TextDocument): Notebook | undefined {
  const around = notebookAround(document);
  if (!around) return undefined;
  // Thousands of cells are not read: so many are enough to be told so.
  const documents = codeCells(around)
    .slice(0, MOST_CELLS + 1)
    .map((cell) => cell.document);
  const numbers = codeCellNumbers(around).slice(0, documents.length);
  const versions = documents.map(({ version }) => version);
  const languages = documents.map(({ languageId }) => languageId);
  const state: NotebookState = { documents, numbers, versions, languages };
  const last = texts.get(around);
  if (last && isSame(last.state, state)) return last.notebook;
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

function isSame(one: NotebookState, other: NotebookState): boolean {
  return (Object.keys(one) as (keyof NotebookState)[]).every(
    (key) => one[key].length === other[key].length && one[key].every((value, i) => value === other[key][i]),
  );
}

/** A range of the notebook's text, in the cell that holds it; null where it is in none. */
export function placeInCells(
  { toCell, documents }: Notebook,
  range: Range,
): { document: vscode.TextDocument; range: Range } | null {
  const place = toCell(range);
  const document = place ? documents[place.cell] : undefined;
  return place && document ? { document, range: place.range } : null;
}

/** Edits of the notebook's text, each with the cell it belongs to. */
export function editsOfCells(
  { toCell, documents, decode }: Notebook,
  edits: readonly TextEdit[],
): { document: vscode.TextDocument; edit: TextEdit }[] {
  return edits.flatMap(({ range, text }) => {
    const place = toCell(range);
    const document = place ? documents[place.cell] : undefined;
    return place && document ? [{ document, edit: { range: place.range, text: decode(text) } }] : [];
  });
}

/** What a notebook's code would read like after edits of its text, cell by cell. */
export function codeAfter(
  notebook: Notebook,
  apply: (text: string, edits: TextEdit[]) => string,
  edits: readonly TextEdit[],
): string {
  const placed = editsOfCells(notebook, edits);
  return notebook.documents
    .map((document, i) => {
      const own = placed.filter((one) => one.document === document).map(({ edit }) => edit);
      return `# %% ${vscode.l10n.t('cell {0}', notebook.numbers[i] ?? 0)}\n${apply(document.getText(), own)}\n`;
    })
    .join('\n');
}
