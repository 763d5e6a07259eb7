import * as vscode from 'vscode';
import { isConfigDocument, readingOf } from './documents';
import type { Panels } from './panel/panels';
import { pickConfig } from './pick-config';

/**
 * "Check alpha equivalence": for the file the lens or menu names, else for the active editor, else for a config
 * the user picks.
 */
export async function check(panels: Panels, uri: unknown, network: unknown): Promise<void> {
  const document = uri instanceof vscode.Uri ? await opened(uri) : vscode.window.activeTextEditor?.document;
  if (document && isWorthShowing(document)) {
    panels.show(document.uri, typeof network === 'number' ? network : networkAtCursor(document));
    return;
  }
  const picked = await pickConfig(document);
  if (!picked) return;
  await vscode.window.showTextDocument(picked);
  panels.show(picked, 0);
}

async function opened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(uri);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} cannot be opened: {1}', uri.path, reason));
    return undefined;
  }
}

/** A config, or a file that would be one if its error were mended: the panel says which. */
function isWorthShowing(document: vscode.TextDocument): boolean {
  if (!isConfigDocument(document)) return false;
  const { recipes, findings } = readingOf(document);
  return recipes.length > 0 || findings.some(({ severity }) => severity === 'error');
}

/** The network whose values stand nearest above the cursor. */
function networkAtCursor(document: vscode.TextDocument): number {
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  const { recipes } = readingOf(document);
  if (!editor || recipes.length < 2) return 0;
  const cursor = document.offsetAt(editor.selection.active);
  const starts = recipes.map(({ stated }) => (stated.rank ?? stated.alpha)?.range.start ?? 0);
  return Math.max(0, starts.filter((start) => start <= cursor).length - 1);
}
