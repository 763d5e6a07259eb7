import * as vscode from 'vscode';
import type { TargetChoice } from '../../messages/panel';
import type { PlanId } from '../../recipe/plans/plan';
import { ask } from '../questions/ask';
import { fileNameOf } from '../documents/file-name';
import type { SourceText } from '../questions/read-text';
import { showFile } from '../documents/show-file';
import { RESULTS_FOLDER } from './results-file';
import { canRunPython, runPython } from './run-python';

/** The name that is suggested for the file. */
const CHECK_FILE = 'check_alpha.py';

/** A plan for a recipe of a config. */
interface PlannedRecipe {
  uri: vscode.Uri;
  source: SourceText;
  /** Of the recipe in its file. */
  network: number;
  target: TargetChoice;
  plan: PlanId;
}

/** Told of the file that a check wrote, of its config, and of the text that was checked. */
export type OnResults = (file: vscode.Uri, config: vscode.Uri, text: string) => void;

/**
 * Asks where to, writes the Python file that checks a plan with PyTorch, shows it, and offers to run it.
 * @param onResults told of the file that the run wrote
 */
export async function exportCheck(
  { uri, source, network, target, plan }: PlannedRecipe,
  onResults: OnResults,
): Promise<void> {
  const exported = await ask('exported', source, { network, target, plan, name: fileNameOf(uri) });
  if ('refused' in exported) {
    void vscode.window.showErrorMessage(exported.refused);
    return;
  }
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export a check with PyTorch'),
    defaultUri: vscode.Uri.joinPath(uri, '..', CHECK_FILE),
    filters: { Python: ['py'] },
  });
  if (!file) return;
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(exported.text));
  await showFile(file, true);
  const written = await offerToRun(file);
  if (written) onResults(written, uri, source.text);
}

/**
 * A small model needs no download; the config's own may be gigabytes, so its command is there to be read and copied.
 * @returns the file that the run wrote, once it is over; null where there is none
 */
async function offerToRun(file: vscode.Uri): Promise<vscode.Uri | null> {
  const message = vscode.l10n.t('{0} was written. It needs torch, transformers and peft.', fileNameOf(file));
  const tiny = vscode.l10n.t('Run with a tiny model');
  const whole = vscode.l10n.t("Run with the config's model");
  const answer = await vscode.window.showInformationMessage(message, ...(canRunPython(file) ? [tiny, whole] : []));
  if (answer === undefined) return null;
  const folder = vscode.Uri.joinPath(file, '..', RESULTS_FOLDER);
  const before = await resultsIn(folder, file);
  await runPython(file, [...(answer === tiny ? ['--tiny'] : []), '--save', RESULTS_FOLDER]);
  const written = (await resultsIn(folder, file)).filter((name) => !before.includes(name));
  // The time follows the stem, so the last name is the newest.
  const newest = written.sort().at(-1);
  return newest === undefined ? null : vscode.Uri.joinPath(folder, newest);
}

/** Names of the results of this check: `check_alpha-20260131-101500-4711.json`, with time and process. */
async function resultsIn(folder: vscode.Uri, check: vscode.Uri): Promise<string[]> {
  const stem = `${baseName(check).replace(/\.py$/, '')}-`;
  const entries = await vscode.workspace.fs.readDirectory(folder).then(
    (found) => found,
    // The first run makes the folder.
    () => [],
  );
  return entries.map(([name]) => name).filter((name) => name.startsWith(stem) && name.endsWith('.json'));
}

function baseName({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
