import * as vscode from 'vscode';
import type { Comparisons } from './comparison/comparisons';
import { addressOf } from './documents/cells';
import { isThere, showFile } from './documents/files';
import { fileNameOf } from './documents/places';
import { isConfigDocument, textOf } from './documents/read-document';
import { pickResultsFile, readResultsFile } from './export/results';
import type { ResultsFile } from './panel/opened-results';
import type { Panels } from './panel/panels';
import { chosenRecipe, pickConfig } from './pick-recipe';
import { ask } from './questions/ask';
import type { Inventory } from './recipes/scan/inventory';
import { documentOf, type Given } from './subject';

/**
 * "Check alpha equivalence": for the file or recipe that a lens, menu or view names, else the active editor, else a
 * config the user picks.
 */
export async function check(panels: Panels, inventory: Inventory, { subject, network }: Given): Promise<void> {
  const title = vscode.l10n.t('Which config is to be checked?');
  const chosen = await chosenRecipe(inventory, title, subject, network);
  if (!chosen) return;
  if (chosen.isPicked) await showFile(chosen.uri);
  panels.show(chosen.uri, chosen.network);
}

/**
 * "Compare alpha with…": the two files or recipes that are selected, or one of them (else the active editor's) with
 * another that is asked for.
 */
export async function compareCommand(
  comparisons: Comparisons,
  inventory: Inventory,
  { subject, selected }: Given,
): Promise<void> {
  // What is drawn anew is missing among the selected for a moment: it is asked for, and nothing else stands in for it.
  const [one = subject, other] = selected.length > 1 ? selected : [subject];
  const which = vscode.l10n.t('Compare which config?');
  const first = await chosenRecipe(inventory, which, one);
  if (!first) return;
  const title = vscode.l10n.t('Compare {0} with…', fileNameOf(first.uri));
  const second = await (other ? chosenRecipe(inventory, which, other) : pickConfig(inventory, title, first));
  if (second) comparisons.show(first, second);
}

/**
 * "Show which runs of this file are the same": the trainings of a file, with equal runs under
 * one heading. A picked recipe is compared with the first of the file, and the first with the second.
 */
export async function showRuns(comparisons: Comparisons, { subject }: Given): Promise<void> {
  const document = await documentOf(subject?.uri);
  if (subject && !document) return;
  const runs = document && isConfigDocument(document) ? await ask('runs', textOf(document), undefined) : null;
  if (!document || !runs) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a file with several trainings first.'));
    return;
  }
  const items = runs.groups.flatMap(({ heading, runs: same }): (vscode.QuickPickItem & { recipe?: number })[] => [
    { label: heading, kind: vscode.QuickPickItemKind.Separator },
    ...same,
  ]);
  const title = `${fileNameOf(document.uri)}: ${runs.title}`;
  const { recipe } = (await vscode.window.showQuickPick(items, { title, placeHolder: runs.claim })) ?? {};
  if (recipe === undefined) return;
  const uri = addressOf(document);
  comparisons.show({ uri, network: 0 }, { uri, network: recipe || 1 });
}

/** "Open PyTorch results…": of the given file, else of a picked one; shown in the panel of the config they checked. */
export async function openResults(panels: Panels, inventory: Inventory, { subject }: Given): Promise<void> {
  const file = subject
    ? await readResultsFile(subject.uri)
    : await pickResultsFile(panels.configs()[0] ?? vscode.window.activeTextEditor?.document.uri);
  if (!file) return;
  const named = 'results' in file ? file : null;
  const title = named
    ? vscode.l10n.t('Which config was checked? The results name {0}.', named.results.check.config)
    : vscode.l10n.t('Which config did this run have?');
  const config = (named && (await checkedConfig(named, panels))) ?? (await pickConfig(inventory, title))?.uri;
  if (config) panels.showResults(file, config);
}

/** A check wrote results: the open panel of its config shows them, else a message offers them. */
export async function announceResults(
  panels: Panels,
  uri: vscode.Uri,
  config: vscode.Uri,
  checked: string,
  message = vscode.l10n.t('The check wrote {0}.', fileNameOf(uri)),
): Promise<void> {
  if (!panels.configs().some((open) => open.toString() === config.toString())) {
    const open = vscode.l10n.t('Show in the panel');
    if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  }
  const file = await readResultsFile(uri);
  if (file) panels.showResults({ ...file, checked }, config);
}

/** The config by its name: of an open panel, else near the results, else the only one in the workspace. */
async function checkedConfig({ uri, results }: ResultsFile, panels: Panels): Promise<vscode.Uri | undefined> {
  const name = results.check.config;
  const isNamed = (config: vscode.Uri): boolean => fileNameOf(config) === name;
  const open = panels.configs().find(isNamed);
  if (open) return open;
  // The name comes from a file that anybody may have written: it must not lead to another folder.
  if (/[\\/]/.test(name) || name === '..') return undefined;
  for (const folder of ['../..', '..']) {
    const near = vscode.Uri.joinPath(uri, folder, name);
    if (await isThere(near)) return near;
  }
  // A pattern would read [ and { in a name as wildcards.
  const found = await vscode.workspace.findFiles(`**/${name.replace(/[[\]{}*?!,]/g, '?')}`, undefined, 10);
  const named = found.filter(isNamed);
  return named.length === 1 ? named[0] : undefined;
}
