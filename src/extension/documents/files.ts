import type { FilePlace } from '../../messages/panel';
import * as vscode from 'vscode';
import { notebookAt } from './cells';

/** What is known of a file or folder; null where there is none. */
export async function statIn(uri: vscode.Uri): Promise<vscode.FileStat | null> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).catch(() => null);
}

export async function isThere(uri: vscode.Uri): Promise<boolean> {
  return (await statIn(uri)) !== null;
}

/** A longer file is no adapter's config, and no Python file of ours. */
const LARGEST = 1024 * 1024;

/** The text of a file; null where it cannot be read, is too long, or is a device, which has no end. */
export async function textIn(uri: vscode.Uri, largest = LARGEST): Promise<string | null> {
  const stat = await statIn(uri);
  if (!stat || !(stat.type & vscode.FileType.File) || stat.size > largest) return null;
  const bytes = await Promise.resolve(vscode.workspace.fs.readFile(uri)).catch(() => null);
  return bytes && new TextDecoder().decode(bytes);
}

export async function writeText(uri: vscode.Uri, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}

/** Shows a file, where it is open already if it is. @param preserveFocus leaves the keyboard where it is */
export async function showFile(uri: vscode.Uri, preserveFocus = false): Promise<void> {
  const options = { viewColumn: columnOf(uri), preserveFocus };
  const notebook = await notebookAt(uri);
  if (notebook) await vscode.window.showNotebookDocument(notebook, options);
  else await vscode.window.showTextDocument(uri, options);
}

/** Shows a place of a file, with the cursor at the beginning of its line; in a notebook, of its cell's. */
export async function reveal(uri: vscode.Uri, { line, cell }: FilePlace): Promise<void> {
  const viewColumn = columnOf(uri);
  const notebook = await notebookAt(uri);
  if (!notebook) {
    const editor = await vscode.window.showTextDocument(uri, { viewColumn });
    const { start, range } = startOf(editor.document, line);
    editor.selection = new vscode.Selection(start, start);
    return editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
  if (notebook.cellCount === 0) return showFile(uri);
  const shown = notebook.cellAt(Math.min(Math.max(0, (cell ?? 1) - 1), notebook.cellCount - 1));
  const { range: selection } = startOf(shown.document, line);
  // The address of a cell opens its notebook, as it does for a click on a problem.
  await vscode.commands.executeCommand('vscode.open', shown.document.uri, { viewColumn, selection });
}

/** The beginning of a line; of the last one where there are not so many. */
function startOf(document: vscode.TextDocument, line: number): { start: vscode.Position; range: vscode.Range } {
  const { start } = document.lineAt(Math.min(Math.max(0, line - 1), document.lineCount - 1)).range;
  return { start, range: new vscode.Range(start, start) };
}

/** The group in which a file is open as text, by its tab: VS Code keeps the text of a closed document for minutes. */
export function groupOf(uri: vscode.Uri): vscode.TabGroup | undefined {
  const shows = ({ input }: vscode.Tab): boolean =>
    // A cell's address has the path of its notebook, which is what the tab shows.
    input instanceof vscode.TabInputNotebook
      ? input.uri.path === uri.path
      : input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  return vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(shows));
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
