import * as vscode from 'vscode';
import { CONFIG_DOCUMENTS } from '../documents/config-documents';
import type { Features } from '../features';
import { isLikely } from '../documents/likely';

/** Quick fixes of findings, and the refactorings of a recipe. */
export function registerActionProvider(features: () => Promise<Features>): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    CONFIG_DOCUMENTS,
    {
      provideCodeActions: async (document, range, context, token) =>
        isLikely(document) ? (await features()).provideCodeActions(document, range, context, token) : [],
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite] },
  );
}
