import * as vscode from 'vscode';
import type { Finding, Fix } from '../../config/reading';
import { adapterProblems } from '../diagnostics/adapter-problems';
import { askFor } from '../documents/ask-for';
import { rangeIn, workspaceEdit } from '../documents/read-document';
import { COMMANDS, DIAGNOSTICS } from '../ids';

/** What mends the findings that touch a range, and the way to their explanations. */
export async function quickFixes(
  document: vscode.TextDocument,
  range: vscode.Range,
  diagnostics: readonly vscode.Diagnostic[],
  token: vscode.CancellationToken,
): Promise<vscode.CodeAction[]> {
  const problems = (await askFor(document, token, 'mendedProblems', undefined)) ?? [];
  const near = problems.filter((problem) => rangeIn(document, problem.range)?.intersection(range));
  return [...near, ...(await adapterProblems(document, near))].flatMap(({ finding, fixes, range: place }) => {
    const where = rangeIn(document, place);
    if (!where) return [];
    const own = diagnostics.filter((diagnostic) => isAbout(diagnostic, finding) && diagnostic.range.isEqual(where));
    return [...fixes.map((fix) => fixAction(document, fix, own)), explainAction(finding, own)];
  });
}

function fixAction(
  document: vscode.TextDocument,
  { title, edits, preferred = false }: Fix,
  diagnostics: vscode.Diagnostic[],
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = workspaceEdit(document, edits);
  action.diagnostics = diagnostics;
  action.isPreferred = preferred;
  return action;
}

function explainAction({ code, message }: Finding, diagnostics: vscode.Diagnostic[]): vscode.CodeAction {
  const title = vscode.l10n.t('Explain this finding');
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { command: COMMANDS.explain, title, tooltip: message, arguments: [code] };
  action.diagnostics = diagnostics;
  return action;
}

/** Whether one of the editor's problems is this finding. */
function isAbout({ source, code, message }: vscode.Diagnostic, finding: Finding): boolean {
  const value = typeof code === 'object' ? code.value : code;
  return source === DIAGNOSTICS && value === finding.code && message === finding.message;
}
