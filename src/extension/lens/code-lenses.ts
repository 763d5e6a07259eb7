import * as vscode from 'vscode';
import { askFor } from '../questions/ask-for';
import { isConfigDocument, rangeIn } from '../documents/read-document';
import { COMMANDS } from '../ids';
import type { FileRuns } from '../comparison/runs-words';
import type { LensWords } from './lens-words';

/** Above every alpha: the scaling, and the way to the panel. Above every learning rate: the one that another alpha needs. */
export async function provideCodeLenses(
  document: vscode.TextDocument,
  token: vscode.CancellationToken,
): Promise<vscode.CodeLens[]> {
  if (!isConfigDocument(document)) return [];
  const lenses = await askFor(document, token, 'lenses', undefined);
  if (!lenses) return [];
  const { alpha, rate, runs } = lenses;
  return [
    ...alpha.flatMap((words) => [
      ...lensOf(
        document,
        words,
        vscode.l10n.t('The scaling in front of B·A. Click to see what another alpha would change.'),
      ),
      ...checkLens(document, words),
    ]),
    ...(runs ? runsLens(document, runs) : []),
    ...rate.flatMap((words) => lensOf(document, words, vscode.l10n.t('Click to see what another alpha would change.'))),
  ];
}

function lensOf(
  document: vscode.TextDocument,
  { place, network, title, why }: LensWords,
  invitation: string,
): vscode.CodeLens[] {
  const tooltip = why === '' ? invitation : why;
  return lensAt(document, place, { title, tooltip, command: COMMANDS.check, arguments: [document.uri, network] });
}

/** None where the place is in another cell of the notebook. */
function lensAt(
  document: vscode.TextDocument,
  place: Pick<LensWords['place'], 'range'>,
  command: vscode.Command,
): vscode.CodeLens[] {
  const range = rangeIn(document, place.range);
  return range ? [new vscode.CodeLens(range, command)] : [];
}

function checkLens(document: vscode.TextDocument, { place, network }: LensWords): vscode.CodeLens[] {
  return lensAt(document, place, {
    title: vscode.l10n.t('Check alpha equivalence'),
    tooltip: vscode.l10n.t(
      'Compute the learning rate and init that make another alpha the same run, and train to prove it.',
    ),
    command: COMMANDS.check,
    arguments: [document.uri, network],
  });
}

/** Above the first alpha of a file with several runs: how many of them differ. */
function runsLens(document: vscode.TextDocument, { title, claim, range }: FileRuns): vscode.CodeLens[] {
  return lensAt(document, { range }, { title, tooltip: claim, command: COMMANDS.showRuns, arguments: [document.uri] });
}
