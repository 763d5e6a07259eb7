import * as vscode from 'vscode';
import { applyEdits } from '../../config/edits';
import { guessedIn } from '../../config/guess';
import type { ConfigPlan } from '../../config/planned';
import { rewriteConfig } from '../../config/rewrite';
import { RULES_PAGE } from '../../recipe/blog-rule';
import { numberLabel } from '../../recipe/notation';
import { codeCells, notebookAround } from '../cells-around';
import { columnOf } from './columns';
import type { Outlook, Source } from './model';
import type { Previews } from './preview';

interface Application {
  uri: vscode.Uri;
  source: Source;
  outlook: Pick<Outlook, 'recipe'> & { target: { alpha: number } };
  plan: ConfigPlan;
}

/**
 * Shows what the plan would write and writes it if the user agrees.
 * @returns the text as written and a sentence about it, or null when nothing was written
 */
export async function applyPlan(
  { uri, source, outlook, plan }: Application,
  previews: Previews,
): Promise<{ text: string; message: string } | null> {
  const { recipe, target } = outlook;
  const index = source.reading.recipes.indexOf(recipe);
  const rewritten = rewriteConfig(source.text, source.reading, index, target.alpha, plan.id, {});
  if ('refusal' in rewritten) {
    void vscode.window.showErrorMessage(rewritten.refusal.message);
    return null;
  }
  const after = applyEdits(source.text, rewritten.edits);
  const what = `alpha ${numberLabel(recipe.alpha)} → ${numberLabel(target.alpha)}`;
  const guess = guessedIn(source.reading);
  const proposal = { uri, before: source.text, after, edits: rewritten.edits, what };
  const written = await previews.propose(guess === null ? proposal : { ...proposal, guess });
  if (!written) return null;
  await showFile(uri);
  if (plan.code) void remindOfCode(plan.code);
  return { text: after, message: `Written: ${what}. Undo in the file takes it back. Choose another target to go on.` };
}

/** Shows the file, or the notebook that a cell is part of, without taking the keyboard from the panel. */
async function showFile(uri: vscode.Uri): Promise<void> {
  const notebook = notebookAround(await vscode.workspace.openTextDocument(uri));
  const options = { viewColumn: columnOf(uri), preserveFocus: true };
  await (notebook
    ? vscode.window.showNotebookDocument(notebook, options)
    : vscode.window.showTextDocument(uri, options));
}

/** Shows a one-based line of the file in its editor; of an open notebook, the code cell with this number. */
export async function revealLine(uri: vscode.Uri, line: number): Promise<void> {
  const notebook = notebookAround(await vscode.workspace.openTextDocument(uri));
  if (notebook) {
    const cell = notebook.getCells().find(({ document }) => document === codeCells(notebook)[line - 1]);
    const selections = cell ? [new vscode.NotebookRange(cell.index, cell.index + 1)] : [];
    await vscode.window.showNotebookDocument(notebook, { viewColumn: columnOf(uri), selections });
    return;
  }
  const start = new vscode.Position(Math.max(0, line - 1), 0);
  const editor = await vscode.window.showTextDocument(uri, { viewColumn: columnOf(uri) });
  const { range } = editor.document.lineAt(Math.min(start.line, editor.document.lineCount - 1));
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Shows the page with every optimizer's rule, which is packed with the extension, as it reads. */
export async function openRules(extensionUri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, RULES_PAGE));
}

/** The config alone is not the whole change: the init, or the groups of the optimizer, are set in code. */
export async function remindOfCode(code: string): Promise<void> {
  const copy = vscode.l10n.t('Copy code');
  const message = vscode.l10n.t(
    'The config is written. One step is left: your training script needs the lines that go with this plan.',
  );
  if ((await vscode.window.showInformationMessage(message, copy)) === copy) await vscode.env.clipboard.writeText(code);
}
