import * as vscode from 'vscode';
import { ask } from '../questions/ask';
import type { Given } from '../arguments';
import { addressOf } from '../documents/cells-around';
import { isConfigDocument, textOf } from '../documents/read-document';
import { fileNameOf } from '../documents/file-name';
import { documentOf } from '../documents/subject';
import type { Comparisons } from './comparisons';
import type { FileRuns } from './runs-words';

interface RunItem extends vscode.QuickPickItem {
  recipe?: number | null;
}

/**
 * "Show which runs of this file are the same": the runs of a search, or the trainings of a file, with equal runs under
 * one heading. A picked recipe is compared with the first of the file, and the first with the second.
 */
export async function showRuns(comparisons: Comparisons, { subject }: Given): Promise<void> {
  const document = await documentOf(subject?.uri);
  if (subject && !document) return;
  const runs = document && isConfigDocument(document) ? await ask('runs', textOf(document), undefined) : null;
  if (!document || !runs) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        'Open a file with several runs first: a search over alpha and learning rate, or several trainings.',
      ),
    );
    return;
  }
  const title = `${fileNameOf(document.uri)}: ${runs.title}`;
  const picked = await vscode.window.showQuickPick(itemsOf(runs), { title, placeHolder: runs.claim });
  if (typeof picked?.recipe !== 'number') return;
  const uri = addressOf(document);
  const [first, second] = picked.recipe === 0 ? [0, 1] : [0, picked.recipe];
  comparisons.show({ uri, network: first }, { uri, network: second });
}

function itemsOf({ groups }: FileRuns): RunItem[] {
  return groups.flatMap(({ heading, runs }): RunItem[] => [
    { label: heading, kind: vscode.QuickPickItemKind.Separator },
    ...runs.map(({ label, recipe }) => ({ label, recipe })),
  ]);
}
