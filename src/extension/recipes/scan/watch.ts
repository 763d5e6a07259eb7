import * as vscode from 'vscode';
import { syntaxOf } from '../../../config/syntax/parse';
import { statIn } from '../../documents/files';

interface Following {
  /** These files, which are among the listed ones, have other contents, saved or not, or are gone. */
  onChanged(uris: readonly vscode.Uri[]): void;
  /** Files came, or folders moved: they must be listed again. */
  onListed(): void;
  isListed(uri: string): boolean;
}

/** Changes come in bursts (a checkout, a training's output): wait until it is quiet, but not for ever. */
const QUIET_MS = 300;
const LONGEST_MS = 2_000;
/** When more came at once than this, listing the files costs less than asking of each whether it is a folder. */
const MOST_ASKED = 100;

/**
 * Watches files that can be configs. A new file may be excluded, so all files are listed again. A changed file counts only
 * if it is listed. If a folder appears or disappears, the editor may report only the folder and none of its files.
 */
export function watchConfigFiles({ onChanged, onListed, isListed }: Following): vscode.Disposable {
  const changed = new Map<string, vscode.Uri>();
  let came: vscode.Uri[] = [];
  let mustList = false;
  let isOver = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let longest: ReturnType<typeof setTimeout> | undefined;

  const flush = async (): Promise<void> => {
    clearTimeout(quiet);
    clearTimeout(longest);
    longest = undefined;
    const asked = came;
    came = [];
    mustList ||= asked.length > MOST_ASKED || (await hasFolder(asked));
    if (isOver) return;
    const uris = [...changed.values()];
    changed.clear();
    if (mustList) onListed();
    else if (uris.length > 0) onChanged(uris);
    mustList = false;
  };
  const soon = (): void => {
    const flushNow = (): void => void flush();
    clearTimeout(quiet);
    quiet = setTimeout(flushNow, QUIET_MS);
    longest ??= setTimeout(flushNow, LONGEST_MS);
  };
  const list = (): void => {
    mustList = true;
    soon();
  };
  const touch = (uri: vscode.Uri): void => {
    if (!isListed(uri.toString())) return;
    changed.set(uri.toString(), uri);
    soon();
  };

  const watcher = vscode.workspace.createFileSystemWatcher('**');
  const subscriptions = vscode.Disposable.from(
    watcher,
    watcher.onDidCreate((uri) => {
      if (syntaxOf(uri.path)) mustList = true;
      else came.push(uri);
      soon();
    }),
    watcher.onDidChange(touch),
    watcher.onDidDelete((uri) => (syntaxOf(uri.path) ? touch(uri) : list())),
    vscode.workspace.onDidRenameFiles(list),
    vscode.workspace.onDidChangeTextDocument(({ document }) => touch(document.uri)),
    // What was not saved is no more.
    vscode.workspace.onDidCloseTextDocument(({ uri }) => touch(uri)),
  );
  return new vscode.Disposable(() => {
    isOver = true;
    clearTimeout(quiet);
    clearTimeout(longest);
    subscriptions.dispose();
  });
}

async function hasFolder(uris: readonly vscode.Uri[]): Promise<boolean> {
  const stats = await Promise.all(uris.map(statIn));
  return stats.some((stat) => stat !== null && (stat.type & vscode.FileType.Directory) !== 0);
}
