import * as vscode from 'vscode';
import type { ChosenPlan } from '../apply/apply-plan';
import { showFile, writeText } from '../documents/files';
import { fileNameOf } from '../documents/places';
import { ask } from '../questions/ask';
import { refuse } from '../refuse';
import { RESULTS_FOLDER } from './results';
import { interpreterFor, runTask } from './run-task';

const CHECK_FILE = 'check_alpha.py';

/** Told of the file that a check wrote, its config, the text that was checked, and what to say without a panel. */
export type OnResults = (file: vscode.Uri, config: vscode.Uri, text: string, message?: string) => void;

/**
 * Asks where to, writes the Python file that checks a plan with PyTorch, shows it, and offers to run it.
 * @param onResults told of the file that the run wrote
 */
export async function exportCheck(
  { uri, source, network, target, plan }: ChosenPlan,
  onResults: OnResults,
): Promise<void> {
  const exported = await ask('exported', source, { network, target, plan: plan.id, name: fileNameOf(uri) });
  if ('refused' in exported) return refuse(exported.refused);
  const file = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export a check with PyTorch'),
    defaultUri: vscode.Uri.joinPath(uri, '..', CHECK_FILE),
    filters: { Python: ['py'] },
  });
  if (!file) return;
  await writeText(file, exported.text);
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
  // Programs are run for files on the disk alone, and in a workspace that the user trusts.
  const canRun = file.scheme === 'file' && vscode.workspace.isTrusted;
  const answer = await vscode.window.showInformationMessage(message, ...(canRun ? [tiny, whole] : []));
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
async function resultsIn(folder: vscode.Uri, { path }: vscode.Uri): Promise<string[]> {
  const stem = `${path.slice(path.lastIndexOf('/') + 1).replace(/\.py$/, '')}-`;
  // The first run makes the folder.
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(folder)).catch(() => []);
  return entries.map(([name]) => name).filter((name) => name.startsWith(stem) && name.endsWith('.json'));
}

/** Runs a Python file in a terminal, in its own folder, and waits for its end. */
async function runPython(file: vscode.Uri, args: readonly string[]): Promise<void> {
  // Without a shell no character of a path means anything.
  const program = new vscode.ProcessExecution(await interpreterFor(file), [file.fsPath, ...args], {
    cwd: vscode.Uri.joinPath(file, '..').fsPath,
  });
  await runTask(file, fileNameOf(file), program).ended;
}
