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
  return around ? codeCells(around) : [document];
}

/** The cells of a notebook that hold code, in their order. */
export function codeCells(notebook: vscode.NotebookDocument): vscode.TextDocument[] {
  return notebook
    .getCells()
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
    .map((cell) => cell.document);
}
