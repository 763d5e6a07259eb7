import * as vscode from 'vscode';
import type { Fix } from '../../config/reading';
import type { MendedProblem } from '../diagnostics/problems';
import { adapterProblems, conversionAction } from '../diagnostics/trained-adapters';
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
  const { QuickFix, RefactorRewrite } = vscode.CodeActionKind;
  const wants = (kind: vscode.CodeActionKind): boolean => context.only?.intersects(kind) ?? true;
  const fixes = wants(QuickFix) ? await quickFixes(document, range, context.diagnostics, token) : [];
  const isAskedFor = context.only !== undefined;
  const place = { offset: offsetIn(document, range.start), cursor: cursorIn(document), isAskedFor };
  const refactorings = wants(RefactorRewrite) ? await askFor(document, token, 'refactorings', place) : null;
  const actions = [...fixes, ...(refactorings ?? []).map((each) => refactoringAction(document, each))];
  // The edits belong to the text that was read: in a newer text their ranges are wrong.
  return textOf(document).text === text ? withoutDoubles(actions) : [];
}

/** What does the same is offered once: first by the finding that asks for it. */
function withoutDoubles(actions: readonly vscode.CodeAction[]): vscode.CodeAction[] {
  const seen = new Set<string>();
  return actions.filter(({ edit, command }) => {
    const does = JSON.stringify(edit?.entries() ?? command?.arguments ?? null);
    const isNew = does === 'null' || does === '[]' || !seen.has(does);
    seen.add(does);
    return isNew;
  });
}

function refactoringAction(document: vscode.TextDocument, { title, kind, does }: Refactoring): vscode.CodeAction {
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
  /** The editor's own problems that are this finding. */
  const about = ({ finding, range: place }: MendedProblem): vscode.Diagnostic[] => {
    const where = rangeIn(document, place);
    return diagnostics.filter(({ source, code, message, range: at }) => {
      const value = typeof code === 'object' ? code.value : code;
      const isSame = source === DIAGNOSTICS && value === finding.code && message === finding.message;
      return isSame && where !== null && at.isEqual(where);
    });
  };
  const mending = (problem: MendedProblem, ...further: vscode.CodeAction[]): vscode.CodeAction[] => {
    const { fixes, finding } = problem;
    const own = about(problem);
    const title = vscode.l10n.t('Explain this finding');
    const explaining = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    explaining.command = { command: COMMANDS.explain, title, tooltip: finding.message, arguments: [finding.code] };
    explaining.diagnostics = own;
    return [...fixes.map((fix) => fixAction(document, fix, own)), ...further, explaining];
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
  return Object.assign(action, { edit: workspaceEdit(document, edits), diagnostics, isPreferred: preferred });
}
