import * as vscode from 'vscode';
import type { FilePlace } from '../../messages/place';
import { notebookAt } from './cells';

/** Shows a file in its editor, where it is open already if it is. @param preserveFocus leaves the keyboard where it is */
export async function showFile(uri: vscode.Uri, preserveFocus = false): Promise<void> {
  const options = { viewColumn: columnOf(uri), preserveFocus };
  const notebook = await notebookAt(uri);
  await (notebook
    ? vscode.window.showNotebookDocument(notebook, options)
    : vscode.window.showTextDocument(uri, options));
}

/** Shows a place of a file in its editor, with the cursor at the beginning of its line; in a notebook, of its cell's. */
export async function reveal(uri: vscode.Uri, { line, cell }: FilePlace): Promise<void> {
  const notebook = await notebookAt(uri);
  if (!notebook) return revealLine(uri, line);
  if (notebook.cellCount === 0) return showFile(uri);
  const shown = notebook.cellAt(Math.min(Math.max(0, (cell ?? 1) - 1), notebook.cellCount - 1));
  const selection = startOf(shown.document, line);
  // The address of a cell opens its notebook, as it does for a click on a problem.
  await vscode.commands.executeCommand('vscode.open', shown.document.uri, { viewColumn: columnOf(uri), selection });
}

async function revealLine(uri: vscode.Uri, line: number): Promise<void> {
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri) });
  const start = startOf(editor.document, line);
  editor.selection = new vscode.Selection(start.start, start.end);
  editor.revealRange(start, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The beginning of a line; of the last one where there are not so many. */
function startOf(document: vscode.TextDocument, line: number): vscode.Range {
  const { start } = document.lineAt(Math.min(Math.max(0, line - 1), document.lineCount - 1)).range;
  return new vscode.Range(start, start);
}

/** The group of tabs in which a file is open as text, by its tab: VS Code keeps the text of a closed document for minutes. */
export function groupOf(uri: vscode.Uri): vscode.TabGroup | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(({ input }) => shows(input, uri)));
}

/** A cell's address has the path of its notebook, which is what the tab shows. */
function shows(input: unknown, uri: vscode.Uri): boolean {
  if (input instanceof vscode.TabInputNotebook) return input.uri.path === uri.path;
  return input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
}

/** Calls the listener for every text file whose tab opens, or whose last tab closes. */
export function onTextTabs(listener: (uri: vscode.Uri, isOpen: boolean) => void): vscode.Disposable {
  return vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
    for (const { input } of [...opened, ...closed]) {
      if (input instanceof vscode.TabInputText) listener(input.uri, groupOf(input.uri) !== undefined);
    }
  });
}

/** The column in which a file is open, so that it is not opened a second time over the panel. */
export function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  return groupOf(uri)?.viewColumn ?? vscode.ViewColumn.One;
}
