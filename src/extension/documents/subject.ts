import * as vscode from 'vscode';
import { visible } from '../../recipe/visible';
import type { Reading } from '../../config/reading';
import { withoutRecipe } from '../../config/findings/without-recipe';
import { isCell, openAt } from './cells-around';
import { networkAbove } from './at-offset';
import { isConfigDocument, lookForWeights, offsetIn, sourceOf } from './read-document';
import type { SourceText } from '../questions/read-text';
import { fileNameOf } from './file-name';

/** The document a command is about: the one it names, else that of the active editor. Says so where it cannot be opened. */
export async function documentOf(uri: vscode.Uri | undefined): Promise<vscode.TextDocument | undefined> {
  const document = uri ? await opened(uri) : activeDocument();
  if (document) await lookForWeights(document.uri);
  return document;
}

async function opened(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  try {
    return await openAt(uri);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} cannot be opened: {1}', visible(uri.path), reason));
    return undefined;
  }
}

/** The document the user is in; in a notebook the selected cell's, whether it is typed in or not. */
export function activeDocument(): vscode.TextDocument | undefined {
  const text = vscode.window.activeTextEditor?.document;
  const editor = vscode.window.activeNotebookEditor;
  if (!editor || (text && isCell(text))) return text;
  const [selected] = editor.notebook.getCells(editor.selection);
  return selected?.document ?? text;
}

/**
 * What a config says, or a file that would be one if its error were mended (the panel says which); null for all others.
 */
export async function configOf(document: vscode.TextDocument): Promise<SourceText | null> {
  if (!isConfigDocument(document)) return null;
  const source = await sourceOf(document);
  const { reading } = source;
  return reading.recipes.length > 0 || withoutRecipe(reading) !== null ? source : null;
}

/** The network whose values stand nearest above the cursor. */
export function networkAtCursor(document: vscode.TextDocument, reading: Reading): number {
  return networkAbove(reading, cursorIn(document));
}

/** The offset of the cursor in what is read of a document, or null where no editor shows it. */
export function cursorIn(document: vscode.TextDocument): number | null {
  const editor = vscode.window.visibleTextEditors.find((each) => each.document === document);
  return editor ? offsetIn(document, editor.selection.active) : null;
}

/** What to say of a file that was meant and is no config. */
export function noConfig(uri: vscode.Uri): string {
  return vscode.l10n.t(
    '{0} holds no LoRA config that is known here. A LoRA config sets a rank and an alpha, such as lora_r: 16 and lora_alpha: 16.',
    fileNameOf(uri),
  );
}
