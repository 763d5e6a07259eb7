import * as vscode from 'vscode';
import { CONFIG_DOCUMENTS } from '../documents/config-documents';
import type { Core } from '../core';
import { isLikely } from '../documents/likely';

/** What a hyperparameter means for this run, on hover. */
export function registerHovers(core: () => Promise<Core>): vscode.Disposable {
  return vscode.languages.registerHoverProvider(CONFIG_DOCUMENTS, {
    provideHover: async (document, position, token) =>
      isLikely(document) ? (await core()).provideHover(document, position, token) : undefined,
  });
}
