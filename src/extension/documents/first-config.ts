import * as vscode from 'vscode';
import { CONFIG_DOCUMENTS } from './config-documents';
import { isLikely } from './likely';

/** Typing pauses this long before a text is looked at. */
const SETTLE_MS = 300;

/** Calls `found` once, for the first open document that may hold a LoRA config, now or later. */
export function onFirstConfig(found: () => void): vscode.Disposable {
  let settling: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(settling);
    listening.dispose();
  };
  const look = (document: vscode.TextDocument): boolean => {
    if (document.isClosed || vscode.languages.match(CONFIG_DOCUMENTS, document) === 0 || !isLikely(document)) {
      return false;
    }
    stop();
    found();
    return true;
  };
  const listening = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      clearTimeout(settling);
      settling = setTimeout(() => look(document), SETTLE_MS);
    }),
  );
  vscode.workspace.textDocuments.some(look);
  return new vscode.Disposable(stop);
}
