import * as vscode from 'vscode';

const CELL_SCHEME = 'vscode-notebook-cell';

/** The notebook a document is a cell of, or undefined. */
export function notebookAround(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== CELL_SCHEME) return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}

/** All code cells of the notebook that a document is a cell of; the document itself elsewhere. */
export function cellsAround(document: vscode.TextDocument): readonly vscode.TextDocument[] {
  const around = notebookAround(document);
  return around ? codeCells(around).map((cell) => cell.document) : [document];
}

/** The cells of a notebook that hold code, in their order. */
export function codeCells(notebook: vscode.NotebookDocument): vscode.NotebookCell[] {
  return notebook.getCells().filter(({ kind }) => kind === vscode.NotebookCellKind.Code);
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
  const cell = notebook && (codeCells(notebook)[0] ?? notebook.getCells()[0]);
  if (cell) return cell.document;
  if (uri.scheme === 'untitled' && isNotebookFile(uri)) throw new Error(vscode.l10n.t('it has no cells'));
  return vscode.workspace.openTextDocument(uri);
}

/** The notebook at an address, opened if need be; undefined for other files, and where the editor knows no notebooks. */
export async function notebookAt(uri: vscode.Uri): Promise<vscode.NotebookDocument | undefined> {
  const open = vscode.workspace.notebookDocuments.find((each) => !each.isClosed && isSame(each.uri, uri));
  if (open || !isNotebookFile(uri) || uri.scheme === 'untitled') return open;
  try {
    return await vscode.workspace.openNotebookDocument(uri);
  } catch {
    // Without the extension that reads notebooks, or where the file is none.
    return undefined;
  }
}

/** Whether a file is a notebook by its name. */
export function isNotebookFile({ scheme, path }: vscode.Uri): boolean {
  return scheme !== CELL_SCHEME && path.toLowerCase().endsWith('.ipynb');
}

function isSame(one: vscode.Uri, other: vscode.Uri): boolean {
  return one.toString() === other.toString();
}
