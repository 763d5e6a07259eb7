import * as vscode from 'vscode';
import { CONFIG_DOCUMENTS } from '../documents/config-documents';
import type { Features } from '../features';
import { isLikely } from '../documents/likely';

/** What a hyperparameter means for this run, on hover. */
export function registerHoverProvider(features: () => Promise<Features>): vscode.Disposable {
  return vscode.languages.registerHoverProvider(CONFIG_DOCUMENTS, {
    provideHover: async (document, position, token) =>
      isLikely(document) ? (await features()).provideHover(document, position, token) : undefined,
  });
}
