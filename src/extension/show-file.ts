import * as vscode from 'vscode';
import type { Place } from '../messages/place';
import { notebookAt } from './cells-around';
import { columnOf } from './panel/columns';

/** Shows a file in its editor, where it is open already if it is. @param preserveFocus leaves the keyboard where it is */
export async function showFile(uri: vscode.Uri, preserveFocus = false): Promise<void> {
  const options = { viewColumn: columnOf(uri), preserveFocus };
  const notebook = await notebookAt(uri);
  await (notebook
    ? vscode.window.showNotebookDocument(notebook, options)
    : vscode.window.showTextDocument(uri, options));
}

/** Shows a place of a file in its editor: its line; of a notebook its cell, with the cursor in the line. */
export async function reveal(uri: vscode.Uri, { line, cell }: Place): Promise<void> {
  const notebook = await notebookAt(uri);
  if (!notebook) return revealLine(uri, line);
  const index = Math.min(Math.max(0, (cell ?? 1) - 1), Math.max(0, notebook.cellCount - 1));
  const selections = [new vscode.NotebookRange(index, index + 1)];
  const editor = await vscode.window.showNotebookDocument(notebook, { viewColumn: columnOf(uri), selections });
  editor.revealRange(
    new vscode.NotebookRange(index, index + 1),
    vscode.NotebookEditorRevealType.InCenterIfOutsideViewport,
  );
}

async function revealLine(uri: vscode.Uri, line: number): Promise<void> {
  const start = new vscode.Position(Math.max(0, line - 1), 0);
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri) });
  const { range } = editor.document.lineAt(Math.min(start.line, editor.document.lineCount - 1));
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}
