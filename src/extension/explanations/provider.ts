import * as vscode from 'vscode';
import type { Features } from '../features';
import { FINDING_SCHEME } from '../ids';

/** The texts behind the links of findings. */
export function registerExplanationProvider(features: () => Promise<Features>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(FINDING_SCHEME, {
    provideTextDocumentContent: async (uri) => (await features()).explanationAt(uri),
  });
}
