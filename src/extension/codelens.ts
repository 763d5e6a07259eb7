import * as vscode from 'vscode';
import type { ReadRecipe } from '../config/reading';
import { isConfigDocument, readingOf } from './documents';
import { COMMANDS } from './ids';
import { scalingEquation } from '../recipe/notation';

/** Above every alpha: what the scaling is, and the way to the panel. */
export function provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): vscode.CodeLens[] {
  if (token.isCancellationRequested || !isConfigDocument(document)) return [];
  return readingOf(document).recipes.flatMap((recipe, index) => lensesOf(document, recipe, index));
}

function lensesOf(document: vscode.TextDocument, recipe: ReadRecipe, index: number): vscode.CodeLens[] {
  // Where nobody wrote an alpha, the rank is the next best place to say what the trainer takes.
  const place = recipe.stated.alpha ?? recipe.stated.rank;
  if (!place) return [];
  const range = new vscode.Range(document.positionAt(place.range.start), document.positionAt(place.range.end));
  const target = [document.uri, index];
  const why = recipe.stated.alpha ? undefined : recipe.assumed.alpha;
  return [
    new vscode.CodeLens(range, {
      title: `s = ${scalingEquation(recipe)}`,
      tooltip: why ?? vscode.l10n.t('The scaling in front of B·A. Click to see what another alpha would change.'),
      command: COMMANDS.check,
      arguments: target,
    }),
    new vscode.CodeLens(range, {
      title: vscode.l10n.t('Check alpha equivalence'),
      tooltip: vscode.l10n.t(
        'Compute the learning rate and init that make another alpha the same run, and train to prove it.',
      ),
      command: COMMANDS.check,
      arguments: target,
    }),
  ];
}
