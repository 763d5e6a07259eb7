import * as vscode from 'vscode';
import { notebookAround } from '../documents/cells-around';
import { CONFIG_DOCUMENTS } from '../documents/config-documents';
import type { Features } from '../features';
import { SETTINGS } from '../ids';
import { isLikely } from '../documents/likely';
import { isOn, onSetting } from '../settings';

/**
 * The lenses over alpha and the learning rate. The provider is there only while the setting is on, and the parsers are
 * loaded only for a text that may be a LoRA config, so that everybody else's files cost one search through the text.
 */
export function registerLensProvider(features: () => Promise<Features>): vscode.Disposable {
  let provider: vscode.Disposable | undefined;
  // The editor asks anew for the text that changed; what stands in one cell of a notebook moves the lenses of others.
  const elsewhere = new vscode.EventEmitter<void>();
  const follow = (): void => {
    provider?.dispose();
    provider = isOn('codeLens')
      ? vscode.languages.registerCodeLensProvider(CONFIG_DOCUMENTS, {
          onDidChangeCodeLenses: elsewhere.event,
          provideCodeLenses: async (document, token) =>
            isLikely(document) ? (await features()).provideCodeLenses(document, token) : [],
        })
      : undefined;
  };
  follow();
  const watching = vscode.Disposable.from(
    elsewhere,
    onSetting(SETTINGS.codeLens, follow),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (notebookAround(document)) elsewhere.fire();
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ contentChanges }) => {
      if (contentChanges.length > 0) elsewhere.fire();
    }),
  );
  return new vscode.Disposable(() => {
    watching.dispose();
    provider?.dispose();
  });
}
