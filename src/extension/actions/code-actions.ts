import * as vscode from 'vscode';
import { askFor } from '../questions/ask-for';
import { isConfigDocument, offsetIn, textOf, workspaceEdit } from '../documents/read-document';
import { cursorIn } from '../documents/subject';
import { COMMANDS } from '../ids';
import { quickFixes } from './quick-fixes';
import type { Refactoring } from './refactoring-words';

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

/**
 * What can be done with the recipe at a range.
 * @param isAskedFor whether somebody opened the menu of refactorings; otherwise only a hyperparameter in the range gets any
 */
async function refactorings(
  document: vscode.TextDocument,
  range: vscode.Range,
  isAskedFor: boolean,
  token: vscode.CancellationToken,
): Promise<vscode.CodeAction[]> {
  const place = { offset: offsetIn(document, range.start), cursor: cursorIn(document), isAskedFor };
  const all = (await askFor(document, token, 'refactorings', place)) ?? [];
  return all.map((each) => actionOf(document, each));
}

function actionOf(document: vscode.TextDocument, { title, kind, does }: Refactoring): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorRewrite.append(kind));
  if ('disabled' in does) action.disabled = { reason: does.disabled };
  else if ('edits' in does) action.edit = workspaceEdit(document, does.edits);
  else {
    const { network, alpha } = does;
    const given = alpha === null ? [document.uri, network] : [document.uri, network, alpha];
    action.command = { command: COMMANDS.rescale, title, arguments: given };
  }
  return action;
}
