import * as vscode from 'vscode';
import { askFor } from '../questions/ask-for';
import { isConfigDocument, rangeIn } from '../documents/read-document';
import { COMMANDS } from '../ids';
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
  /** None where the place is in another cell of the notebook. */
  const lensAt = (place: Pick<LensWords['place'], 'range'>, command: vscode.Command): vscode.CodeLens[] => {
    const range = rangeIn(document, place.range);
    return range ? [new vscode.CodeLens(range, command)] : [];
  };
  const checkLens = ({ place, network }: LensWords, title: string, tooltip: string): vscode.CodeLens[] =>
    lensAt(place, { title, tooltip, command: COMMANDS.check, arguments: [document.uri, network] });
  const scaling = vscode.l10n.t('The scaling in front of B·A. Click to see what another alpha would change.');
  const check = vscode.l10n.t('Check alpha equivalence');
  const proof = vscode.l10n.t(
    'Compute the learning rate and init that make another alpha the same run, and train to prove it.',
  );
  const click = vscode.l10n.t('Click to see what another alpha would change.');
  return [
    ...alpha.flatMap((words) => [
      ...checkLens(words, words.title, words.why || scaling),
      ...checkLens(words, check, proof),
    ]),
    // Above the first alpha of a file with several runs: how many of them differ.
    ...(runs
      ? lensAt(runs, {
          title: runs.title,
          tooltip: runs.claim,
          command: COMMANDS.showRuns,
          arguments: [document.uri],
        })
      : []),
    ...rate.flatMap((words) => checkLens(words, words.title, words.why || click)),
  ];
}
