import * as vscode from 'vscode';
import { askFor } from '../questions/ask-for';
import { isConfigDocument, textOf } from '../documents/read-document';
import { quickFixes } from './quick-fixes';
import { refactorings } from './refactorings';

/** Quick fixes of the findings in a range, and what can be done with the recipe that stands there. */
export async function provideCodeActions(
  document: vscode.TextDocument,
  range: vscode.Range,
  context: vscode.CodeActionContext,
  token: vscode.CancellationToken,
): Promise<vscode.CodeAction[]> {
  if (!isConfigDocument(document)) return [];
  const { text } = textOf(document);
  const reading = await askFor(document, token, 'reading', undefined);
  if (!reading?.isLora) return [];
  const wants = (kind: vscode.CodeActionKind): boolean => !context.only || context.only.intersects(kind);
  const actions = [
    ...(wants(vscode.CodeActionKind.QuickFix) ? await quickFixes(document, range, context.diagnostics, token) : []),
    ...(wants(vscode.CodeActionKind.RefactorRewrite)
      ? await refactorings(document, range, context.only !== undefined, token)
      : []),
  ];
  // The edits belong to the text that was read: in a newer text their ranges are wrong.
  return textOf(document).text === text ? actions : [];
}
