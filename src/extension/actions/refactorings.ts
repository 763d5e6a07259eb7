import * as vscode from 'vscode';
import { claimWords } from '../../config/plan/claim';
import type { ImpliedField } from '../../config/write/implied-edits';
import type { Reading } from '../../config/reading';
import { rewriteConfig, type Rewriting } from '../../config/rewrite';
import { impliedNumbers, writeDown } from '../../config/write/write-down';
import { numberLabel } from '../../recipe/notation';
import { offsetIn, sourceOf, workspaceEdit } from '../documents/read-document';
import { fieldAt } from '../documents/field-at';
import { COMMANDS } from '../ids';
import { bestPlan } from '../best-plan';
import { networkAtCursor } from '../documents/subject';

const KIND = vscode.CodeActionKind.RefactorRewrite;

/** The recipe that the refactorings are about. */
interface RecipeAt {
  document: vscode.TextDocument;
  text: string;
  reading: Reading;
  network: number;
}

/**
 * What can be done with the recipe at a range.
 * @param isAskedFor whether somebody opened the menu of refactorings; otherwise only a hyperparameter in the range gets any
 */
export function refactorings(
  document: vscode.TextDocument,
  reading: Reading,
  range: vscode.Range,
  isAskedFor: boolean,
): vscode.CodeAction[] {
  const at = fieldAt(reading, offsetIn(document, range.start));
  const network = at?.network ?? networkAtCursor(document);
  if (!reading.recipes[network] || !(at || isAskedFor)) return [];
  const scene: RecipeAt = { document, text: sourceOf(document).text, reading, network };
  return [rescaleAction(scene), unityAction(scene), ...writeDownActions(scene)];
}

function rescaleAction({ document, network }: RecipeAt): vscode.CodeAction {
  const title = vscode.l10n.t('Rescale to alpha = …');
  return command(title, KIND.append('rescale'), [document.uri, network]);
}

/** Alpha as the rank, so that the scaling is 1 and out of the way, with everything that keeps the run. */
function unityAction(scene: RecipeAt): vscode.CodeAction {
  const { document, text, reading, network } = scene;
  const recipe = reading.recipes[network];
  const title = vscode.l10n.t('Set alpha = rank, keep the run');
  const kind = KIND.append('alphaIsRank');
  if (!recipe) return disabled(title, kind, vscode.l10n.t('There is no recipe here.'));
  if (recipe.scalingRule === 'direct') {
    return disabled(title, kind, vscode.l10n.t('This trainer sets the scaling itself, without an alpha.'));
  }
  if (recipe.alpha === recipe.rank) {
    return disabled(title, kind, vscode.l10n.t('Alpha is {0}, as the rank is.', numberLabel(recipe.alpha)));
  }
  const same = bestPlan(text, reading, network, recipe.rank);
  const refusal = same ? refusalOf(rewriteConfig(text, reading, network, recipe.rank, same.plan.id)) : null;
  if (!same) return disabled(title, kind, vscode.l10n.t('No plan is known that keeps this run.'));
  if (refusal !== null) return disabled(title, kind, refusal);
  const { claim, exactness } = same.plan;
  const says = exactness === 'exact' ? title : `${vscode.l10n.t('Set alpha = rank')} (${claimWords(claim)})`;
  return command(says, kind, [document.uri, network, recipe.rank]);
}

/** What the trainer implies, written down: alpha by itself, and everything at once. */
function writeDownActions(scene: RecipeAt): vscode.CodeAction[] {
  const { text, reading, network } = scene;
  const recipe = reading.recipes[network];
  const implied = impliedNumbers(text, reading, network);
  const alpha = implied.find(({ field }) => field === 'alpha');
  const title = vscode.l10n.t('Write the implied alpha down');
  const kind = KIND.append('writeAlphaDown');
  const others = implied.filter(({ field }) => field !== 'alpha');
  const names = others.map(({ key, literal }) => `${key} ${literal}`).join(', ');
  return [
    alpha
      ? writing(scene, `${title} (${alpha.key} ${alpha.literal})`, kind, ['alpha'])
      : disabled(
          title,
          kind,
          recipe?.stated.alpha
            ? vscode.l10n.t('{0} is written already.', recipe.stated.alpha.path)
            : vscode.l10n.t('This trainer has no key for alpha.'),
        ),
    ...(others.length === 0
      ? []
      : [
          writing(
            scene,
            vscode.l10n.t('Write the other implied values down ({0})', names),
            KIND.append('writeDown'),
            others.map(({ field }) => field),
          ),
        ]),
  ];
}

function writing(
  { document, text, reading, network }: RecipeAt,
  title: string,
  kind: vscode.CodeActionKind,
  fields: readonly ImpliedField[],
): vscode.CodeAction {
  const rewriting = writeDown(text, reading, network, ...fields);
  if ('refusal' in rewriting) return disabled(title, kind, rewriting.refusal.message);
  const action = new vscode.CodeAction(title, kind);
  action.edit = workspaceEdit(document, rewriting.edits);
  return action;
}

function command(title: string, kind: vscode.CodeActionKind, args: readonly unknown[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.command = { command: COMMANDS.rescale, title, arguments: [...args] };
  return action;
}

function disabled(title: string, kind: vscode.CodeActionKind, reason: string): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.disabled = { reason };
  return action;
}

function refusalOf(rewriting: Rewriting): string | null {
  return 'refusal' in rewriting ? rewriting.refusal.message : null;
}
