import * as vscode from 'vscode';
import { openNotebook, type OpenNotebook } from '../../config/documents/open-notebook';
import type { Range, TextEdit } from '../../config/reading';
import { codeCells, notebookAround } from './cells-around';

/** An open notebook: the text it is read as, and its code cells. */
export interface Notebook extends OpenNotebook {
  documents: readonly vscode.TextDocument[];
  /** The number of each among all cells, as the editor counts them. */
  numbers: readonly number[];
}

const known = new WeakMap<vscode.NotebookDocument, { versions: string; notebook: Notebook }>();

/** The notebook a cell is part of, as one text, made once for each state of its cells; undefined for other documents. */
export function notebookOf(document: vscode.TextDocument): Notebook | undefined {
  const around = notebookAround(document);
  if (!around) return undefined;
  const coded = codeCells(around);
  const documents = coded.map((cell) => cell.document);
  const versions = coded
    .map(({ index, document: { uri, version, languageId } }) => `${index} ${uri.toString()} ${version} ${languageId}`)
    .join('\n');
  const last = known.get(around);
  if (last?.versions === versions) return last.notebook;
  // Offsets of a cell are those of its document, whose line ends need not be those of the notebook's file.
  const cells = coded.map(({ index, document: code }) => ({
    text: code.getText(),
    language: code.languageId,
    number: index + 1,
  }));
  const notebook: Notebook = { ...openNotebook(cells), documents, numbers: cells.map(({ number }) => number) };
  known.set(around, { versions, notebook });
  return notebook;
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
