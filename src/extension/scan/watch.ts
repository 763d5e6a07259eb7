import * as vscode from 'vscode';
import { CONFIG_FILES } from './find';

interface Following {
  /** These files, which are among the listed ones, have other contents or are gone. */
  onChanged(uris: readonly vscode.Uri[]): void;
  /** Files came, or folders moved: they must be listed again. */
  onListed(): void;
  isListed(uri: string): boolean;
}

/** Changes come in bursts (a checkout, a training's output): wait until it is quiet, but not for ever. */
const QUIET_MS = 300;
const LONGEST_MS = 2_000;

/**
 * Watches what can be a config. A file that comes may lie where files are excluded, and only listing them tells; one that
 * changes is listed, or nobody's business.
 */
export function watchConfigFiles({ onChanged, onListed, isListed }: Following): vscode.Disposable {
  const changed = new Map<string, vscode.Uri>();
  let mustList = false;
  let quiet: ReturnType<typeof setTimeout> | undefined;
  let longest: ReturnType<typeof setTimeout> | undefined;

  const flush = (): void => {
    clearTimeout(quiet);
    clearTimeout(longest);
    longest = undefined;
    const uris = [...changed.values()];
    changed.clear();
    if (mustList) onListed();
    else if (uris.length > 0) onChanged(uris);
    mustList = false;
  };
  const soon = (): void => {
    clearTimeout(quiet);
    quiet = setTimeout(flush, QUIET_MS);
    longest ??= setTimeout(flush, LONGEST_MS);
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

  const watcher = vscode.workspace.createFileSystemWatcher(CONFIG_FILES);
  watcher.onDidCreate(list);
  watcher.onDidChange(touch);
  watcher.onDidDelete(touch);
  const subscriptions = vscode.Disposable.from(
    watcher,
    // A folder that goes takes its files with it, and its watcher says nothing of them.
    vscode.workspace.onDidDeleteFiles(list),
    vscode.workspace.onDidRenameFiles(list),
  );
  return new vscode.Disposable(() => {
    clearTimeout(quiet);
    clearTimeout(longest);
    subscriptions.dispose();
  });
}
