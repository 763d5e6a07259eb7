import * as vscode from 'vscode';
import type { Finding, Fix } from '../../config/reading';
import { adapterProblems, conversionAction } from '../diagnostics/trained-adapters';
import type { MendedProblem, Problem } from '../diagnostics/problems';
import { askFor, isConfigDocument, offsetIn, rangeIn, textOf, workspaceEdit } from '../documents/read-document';
import { COMMANDS, DIAGNOSTICS } from '../ids';
import { cursorIn } from '../subject';
import type { Refactoring } from './refactorings';

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

async function quickFixes(
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
    return mending(problem, await conversionAction(document, problem.adapter, about(problem)));
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
