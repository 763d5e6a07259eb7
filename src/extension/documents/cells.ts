import * as vscode from 'vscode';

const CELL_SCHEME = 'vscode-notebook-cell';

interface Cells {
  version: number;
  count: number;
  all: ReadonlySet<vscode.TextDocument>;
  /** The texts of those that hold code, in their order. */
  coded: readonly vscode.TextDocument[];
  /** Of the coded cells among all, from 1: a cell's own index is searched for each time it is asked for. */
  numbers: readonly number[];
}

const known = new WeakMap<vscode.NotebookDocument, Cells>();

/** The cells of a notebook. Asked of the editor once a version: each of thousands of cells asks what is around it. */
export function cellsOf(notebook: vscode.NotebookDocument): Cells {
  const { version, cellCount: count } = notebook;
  const last = known.get(notebook);
  if (last?.version === version && last.count === count) return last;
  const cells = notebook.getCells().map(({ document, kind }, i) => ({ document, kind, number: i + 1 }));
  const coded = cells.filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
  const now: Cells = {
    version,
    count,
    all: new Set(cells.map(({ document }) => document)),
    coded: coded.map(({ document }) => document),
    numbers: coded.map(({ number }) => number),
  };
  known.set(notebook, now);
  return now;
}

export function isCell({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === CELL_SCHEME;
}

export function notebookAround(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (!isCell(document)) return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) => cellsOf(notebook).all.has(document));
}

export function areOneText(one: vscode.TextDocument, other: vscode.TextDocument): boolean {
  const notebook = notebookAround(one);
  return one === other || (notebook !== undefined && notebook === notebookAround(other));
}

/** The address a panel knows a document by: a cell's is that of its notebook. */
export function addressOf(document: vscode.TextDocument): vscode.Uri {
  return notebookAround(document)?.uri ?? document.uri;
}

/**
 * The text at an address; of a notebook one of its cells, which stands for them all, so that no text goes past an editor
 * that has the notebook open.
 * @throws where it cannot be opened
 */
export async function openAt(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const notebook = await notebookAt(uri);
  const cell = notebook && (cellsOf(notebook).coded[0] ?? notebook.getCells()[0]?.document);
  if (cell) return cell;
  if (uri.scheme === 'untitled' && isNotebookFile(uri)) throw new Error(vscode.l10n.t('it has no cells'));
  return vscode.workspace.openTextDocument(uri);
}

/** The notebook at an address, opened if need be; undefined for other files, and in editors without notebooks. */
export async function notebookAt(uri: vscode.Uri): Promise<vscode.NotebookDocument | undefined> {
  const address = uri.toString();
  const open = vscode.workspace.notebookDocuments.find((each) => !each.isClosed && each.uri.toString() === address);
  if (open || !isNotebookFile(uri) || uri.scheme === 'untitled') return open;
  // Without the extension that reads notebooks, or where the file is none.
  return Promise.resolve(vscode.workspace.openNotebookDocument(uri)).catch(() => undefined);
}

export function isNotebookFile({ scheme, path }: vscode.Uri): boolean {
  return scheme !== CELL_SCHEME && path.toLowerCase().endsWith('.ipynb');
}
