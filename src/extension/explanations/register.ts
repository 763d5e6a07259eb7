import * as vscode from 'vscode';
import type { Core } from '../core';
import { FINDING_SCHEME } from '../ids';

/** The texts behind the links of findings. */
export function registerExplanations(core: () => Promise<Core>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(FINDING_SCHEME, {
    provideTextDocumentContent: async (uri) => (await core()).explanationAt(uri),
  });
}
