import * as vscode from 'vscode';
import { mayHoldLora } from '../config/hint';
import type { Core } from './core';
import { CONFIG_DOCUMENTS } from './config-documents';
import { SETTINGS } from './ids';
import { codeLensSetting, onSetting } from './settings';

/**
 * The lens over every alpha. The provider is there only while the setting is on, and the parsers are loaded only for
 * a text that may be a LoRA config, so that everybody else's YAML and JSON costs one search through the text.
 */
export function registerLenses(core: () => Promise<Core>): vscode.Disposable {
  let provider: vscode.Disposable | undefined;
  const follow = (): void => {
    provider?.dispose();
    provider = codeLensSetting()
      ? vscode.languages.registerCodeLensProvider(CONFIG_DOCUMENTS, {
          provideCodeLenses: async (document, token) =>
            mayHoldLora(document.getText()) ? (await core()).provideCodeLenses(document, token) : [],
        })
      : undefined;
  };
  follow();
  const watching = onSetting(SETTINGS.codeLens, follow);
  return new vscode.Disposable(() => {
    watching.dispose();
    provider?.dispose();
  });
}
