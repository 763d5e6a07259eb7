import * as vscode from 'vscode';
import { isConfigDocument, readingOf } from '../documents/read-document';
import { quickFixes } from './quick-fixes';
import { refactorings } from './refactorings';

/** Quick fixes of the findings in a range, and what can be done with the recipe that stands there. */
export function provideCodeActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  context: vscode.CodeActionContext,
  token: vscode.CancellationToken,
): vscode.CodeAction[] {
  if (token.isCancellationRequested || !isConfigDocument(document)) return [];
  const reading = readingOf(document);
  if (!reading.isLora) return [];
  const wants = (kind: vscode.CodeActionKind): boolean => !context.only || context.only.intersects(kind);
  return [
    ...(wants(vscode.CodeActionKind.QuickFix) ? quickFixes(document, reading, range, context.diagnostics) : []),
    ...(wants(vscode.CodeActionKind.RefactorRewrite)
      ? refactorings(document, reading, range, context.only !== undefined)
      : []),
  ];
}
