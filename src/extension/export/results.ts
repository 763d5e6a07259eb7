import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { LARGEST_RESULTS, readResults, tooLarge } from '../../export/results';
import { messageOf } from '../../messages/rpc';
import { isRecording, readRecording } from '../../run/recording';
import { isThere, statIn } from '../documents/files';
import { fileNameOf } from '../documents/places';
import type { OpenedFile } from '../panel/opened-results';

export const RESULTS_FOLDER = 'lora-alpha-results';

/** Reads results, or a recording; `say` is told in one sentence why a file holds none. */
export async function readResultsFile(
  uri: vscode.Uri,
  say: (why: string) => void = (why) => void vscode.window.showErrorMessage(why),
): Promise<OpenedFile | null> {
  const name = fileNameOf(uri);
  const refuse = (why: string): null => {
    say(why);
    return null;
  };
  try {
    const { size, type, mtime } = await vscode.workspace.fs.stat(uri);
    // A device has no end.
    if (!(type & vscode.FileType.File)) return refuse(l10n.t`${name} is no file. Choose one that the check wrote.`);
    if (size > LARGEST_RESULTS) return refuse(tooLarge(name));
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    if (isRecording(text)) {
      const recording = readRecording(text, name);
      return 'wrong' in recording ? refuse(recording.wrong) : { uri, recording, text, written: mtime };
    }
    const results = readResults(text, name);
    return 'refused' in results ? refuse(results.refused) : { uri, results, written: mtime };
  } catch (error) {
    return refuse(l10n.t`${name} cannot be opened: ${messageOf(error)}`);
  }
}

/** When a file was saved last, in milliseconds since 1970; 0 for a text that never was. */
export async function savedAt(uri: vscode.Uri): Promise<number> {
  return (await statIn(uri))?.mtime ?? 0;
}

/** Asks for a results file. The dialog opens in the results folder of the config or workspace, if there is one. */
export async function pickResultsFile(config: vscode.Uri | undefined): Promise<OpenedFile | null> {
  const own = config ? [vscode.Uri.joinPath(config, '..')] : [];
  const near = [...own, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
  const folders = near.map((folder) => vscode.Uri.joinPath(folder, RESULTS_FOLDER));
  const there = await Promise.all(folders.map(isThere));
  const defaultUri = folders[there.indexOf(true)] ?? near[0];
  const [file] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Open the results of a PyTorch check'),
      ...(defaultUri && { defaultUri }),
      filters: { JSON: ['json'] },
    })) ?? [];
  return file ? readResultsFile(file) : null;
}
