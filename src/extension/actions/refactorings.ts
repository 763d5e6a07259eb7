import * as vscode from 'vscode';
import { askFor } from '../questions/ask-for';
import { offsetIn, workspaceEdit } from '../documents/read-document';
import { cursorIn } from '../documents/subject';
import { COMMANDS } from '../ids';
import type { Refactoring } from './refactoring-words';

const KIND = vscode.CodeActionKind.RefactorRewrite;

/**
 * What can be done with the recipe at a range.
 * @param isAskedFor whether somebody opened the menu of refactorings; otherwise only a hyperparameter in the range gets any
 */
export async function refactorings(
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
  const action = new vscode.CodeAction(title, KIND.append(kind));
  if ('disabled' in does) action.disabled = { reason: does.disabled };
  else if ('edits' in does) action.edit = workspaceEdit(document, does.edits);
  else {
    const { network, alpha } = does;
    const given = alpha === null ? [document.uri, network] : [document.uri, network, alpha];
    action.command = { command: COMMANDS.rescale, title, arguments: given };
  }
  return action;
}
