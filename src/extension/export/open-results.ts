import * as vscode from 'vscode';
import type { Given } from '../arguments';
import { fileNameOf } from '../documents/file-name';
import type { Panels } from '../panel/panels';
import { pickConfig } from '../recipes/pick-config';
import type { Inventory } from '../recipes/scan/inventory';
import { isThere, pickResultsFile, readResultsFile, type ResultsFile } from './results-file';

/** "Open PyTorch results…": of the given file, else of one the user picks; shown in the panel of the config they checked. */
export async function openResults(panels: Panels, inventory: Inventory, { subject }: Given): Promise<void> {
  const file = subject
    ? await readResultsFile(subject.uri)
    : await pickResultsFile(panels.configs()[0] ?? vscode.window.activeTextEditor?.document.uri);
  if (!file) return;
  const config = (await configOf(file, panels)) ?? (await askFor(file, inventory));
  if (config) panels.showResults(file, config);
}

/** A check wrote results: the open panel of its config shows them, else a message offers them. */
export async function announceResults(
  panels: Panels,
  uri: vscode.Uri,
  config: vscode.Uri,
  checked: string,
): Promise<void> {
  if (!panels.configs().some((open) => open.toString() === config.toString())) {
    const open = vscode.l10n.t('Open PyTorch results');
    const message = vscode.l10n.t('The check wrote {0}.', fileNameOf(uri));
    if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  }
  const file = await readResultsFile(uri);
  if (file) panels.showResults({ ...file, checked }, config);
}

/** The config by its name: of an open panel, else near the results, else the only one in the workspace. */
async function configOf({ uri, results }: ResultsFile, panels: Panels): Promise<vscode.Uri | undefined> {
  const name = results.check.config;
  const open = panels.configs().find((config) => fileNameOf(config) === name);
  if (open) return open;
  // The name comes from a file that anybody may have written: it must not lead to another folder.
  if (/[\\/]/.test(name) || name === '..') return undefined;
  for (const folder of ['../..', '..']) {
    const near = vscode.Uri.joinPath(uri, folder, name);
    if (await isThere(near)) return near;
  }
  // A pattern would read [ and { in a name as wildcards.
  const found = await vscode.workspace.findFiles(`**/${name.replace(/[[\]{}*?!,]/g, '?')}`, undefined, 10);
  const named = found.filter((config) => fileNameOf(config) === name);
  return named.length === 1 ? named[0] : undefined;
}

async function askFor({ results }: ResultsFile, inventory: Inventory): Promise<vscode.Uri | undefined> {
  const name = results.check.config;
  return (await pickConfig(inventory, vscode.l10n.t('Which config was checked? The results name {0}.', name)))?.uri;
}
