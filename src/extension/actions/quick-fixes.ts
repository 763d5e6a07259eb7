import * as vscode from 'vscode';
import type { Finding, Fix } from '../../config/reading';
import type { MendedProblem, Problem } from '../diagnostics/problems';
import { adapterProblems } from '../diagnostics/adapter-problems';
import { askFor } from '../questions/ask-for';
import { rangeIn, workspaceEdit } from '../documents/read-document';
import { conversionAction } from './conversion-action';
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
  const about = ({ finding, range: place }: Problem): vscode.Diagnostic[] => {
    const where = rangeIn(document, place);
    return diagnostics.filter((one) => where && isAbout(one, finding) && one.range.isEqual(where));
  };
  const mending = (problem: MendedProblem, ...further: vscode.CodeAction[]): vscode.CodeAction[] => {
    const own = about(problem);
    const fixes = problem.fixes.map((fix) => fixAction(document, fix, own));
    return [...fixes, ...further, explainAction(problem.finding, own)];
  };
  const ofAdapters = (await adapterProblems(document, near)).map(async (problem) => {
    // Only an adapter of PEFT is converted.
    const { adapter } = problem;
    return mending(problem, ...(adapter.peft ? [await conversionAction(document, adapter, about(problem))] : []));
  });
  return [near.map((problem) => mending(problem)), await Promise.all(ofAdapters)].flat(2);
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
