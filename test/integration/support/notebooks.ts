import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, fileOf, lensesOf, writeNew } from './editor';

/** Writes a notebook's file and opens it in the notebook editor. */
export async function openNotebook(name: string, text: string): Promise<vscode.NotebookDocument> {
  await writeNew(name, text);
  const notebook = await vscode.workspace.openNotebookDocument(fileOf(name));
  await vscode.window.showNotebookDocument(notebook, { viewColumn: vscode.ViewColumn.One, preview: false });
  return notebook;
}

/** The text of a cell; they count from one, as in the editor. */
export function cell(notebook: vscode.NotebookDocument, number: number): vscode.TextDocument {
  return notebook.cellAt(number - 1).document;
}

/** What stands on the disk. */
export async function fileText(name: string): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(fileOf(name)));
}

/** The lines of two texts that are not the same: `- old`, `+ new`. Both have equally many lines. */
export function changedLines(before: string, after: string): string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  assert.equal(now.length, old.length, after);
  return old.flatMap((line, i) => (line === now[i] ? [] : [`- ${line.trim()}`, `+ ${now[i]?.trim()}`]));
}

/** Puts a cell at this number, in front of the one that has it now; or takes those cells out. */
export async function editCells(notebook: vscode.NotebookDocument, edit: vscode.NotebookEdit): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.set(notebook.uri, [edit]);
  assert.ok(await vscode.workspace.applyEdit(change), 'the edit was refused');
}

/** What the lenses of a document say, with their lines. */
export async function titles(document: vscode.TextDocument): Promise<string[]> {
  return (await lensesOf(document.uri)).map(({ line, title }) => `${line} ${title}`);
}

/** Between two tests: nothing is left open, or unsaved. */
export async function closeNotebooks(): Promise<void> {
  for (const notebook of vscode.workspace.notebookDocuments) if (notebook.isDirty) await notebook.save();
  await closeAll();
}
