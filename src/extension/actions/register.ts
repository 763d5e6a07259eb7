import * as vscode from 'vscode';
import { CONFIG_DOCUMENTS } from '../documents/config-documents';
import type { Core } from '../core';
import { isLikely } from '../documents/likely';

/** Quick fixes of findings, and the refactorings of a recipe. */
export function registerActions(core: () => Promise<Core>): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    CONFIG_DOCUMENTS,
    {
      provideCodeActions: async (document, range, context, token) =>
        isLikely(document) ? (await core()).provideCodeActions(document, range, context, token) : [],
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.RefactorRewrite] },
  );
}
