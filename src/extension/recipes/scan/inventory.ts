import * as vscode from 'vscode';
import { createGrouper } from '../../../scan/same-run-groups';
import type { FileSummary } from '../../../scan/summary';
import type { ConfigReader } from '../../../worker/config-reader';
import { SETTINGS } from '../../ids';
import { maxFilesSetting, onSetting } from '../../settings';
import type { ScannedFile } from '../recipe-list';
import { findConfigFiles } from './find';
import { createScanner } from './scanner';
import { watchConfigFiles } from './watch';

interface ScanProgress {
  isScanning: boolean;
  /** Files looked into so far, and how many there are to look into; 0 while they are being listed. */
  looked: number;
  total: number;
  hitLimit: boolean;
  wasStopped: boolean;
}

const BEGINNING: ScanProgress = { isScanning: false, looked: 0, total: 0, hitLimit: false, wasStopped: false };

/** Milliseconds between two times that listeners hear of what a scan has found. */
const TELL_MS = 200;

export type Inventory = ReturnType<typeof createInventory>;

/** The LoRA configs of the workspace: looked for when someone asks, followed while someone looks. */
export function createInventory(reader: ConfigReader, log: vscode.LogOutputChannel) {
  const scanner = createScanner(reader, log);
  const grouper = createGrouper();
  const changed = new vscode.EventEmitter<void>();
  const found = new Map<string, ScannedFile>();
  let listed = new Set<string>();
  let sorted: readonly ScannedFile[] | null = [];
  let progress = BEGINNING;
  let current: vscode.CancellationTokenSource | null = null;
  let scanning: Promise<void> | null = null;
  let telling: ReturnType<typeof setTimeout> | undefined;
  const watching = new Set<'view' | 'table'>();
  let isStale = true;
  let watcher: vscode.Disposable | null = null;

  const tell = (): void => {
    clearTimeout(telling);
    telling = undefined;
    changed.fire();
  };
  const tellSoon = (): void => {
    telling ??= setTimeout(tell, TELL_MS);
  };
  const note = (uri: vscode.Uri, summary: FileSummary | null): void => {
    const id = uri.toString();
    // A list that is drawn anew for nothing loses what is selected in it.
    if ((found.get(id)?.summary ?? null) === summary) return;
    if (summary) found.set(id, { uri, summary });
    else found.delete(id);
    // One by one, so that drawing the list has nothing left to compare.
    for (const { recipe } of summary?.recipes ?? []) grouper(recipe);
    sorted = null;
    tellSoon();
  };

  const scanAll = async (token: vscode.CancellationToken): Promise<void> => {
    const most = maxFilesSetting();
    const begin = performance.now();
    const uris = await findConfigFiles(most, token, reader.list, (message) => log.warn(message));
    if (token.isCancellationRequested) return;
    const looked = uris.slice(0, most);
    listed = new Set(looked.map((uri) => uri.toString()));
    for (const [id, { uri }] of [...found]) if (!listed.has(id)) note(uri, null);
    progress = { ...progress, total: looked.length, hitLimit: uris.length > most };
    tellSoon();
    const isWhole = await scanner.scan(looked, token, (uri, summary) => {
      progress = { ...progress, looked: progress.looked + 1 };
      note(uri, summary);
      if (progress.looked % 500 === 0) tellSoon();
    });
    if (isWhole) log.debug(`looked into ${looked.length} files in ${Math.round(performance.now() - begin)} ms`);
  };

  /** Until the last scan is over: a change on the disk begins one anew. */
  const scanned = async (): Promise<void> => {
    while (scanning) await scanning;
  };
  /** Looks again; what has not changed is not read again. */
  const refresh = (): Promise<void> => {
    current?.cancel();
    const own = (current = new vscode.CancellationTokenSource());
    isStale = false;
    progress = { ...BEGINNING, isScanning: true };
    watcher ??= watchConfigFiles({
      onChanged: (uris) => void reread(uris),
      onListed: again,
      isListed: (uri) => listed.has(uri),
    });
    tell();
    const before = scanning;
    const scan = async (): Promise<void> => {
      await before;
      await scanAll(own.token).catch((error: unknown) =>
        log.error(`the workspace could not be looked through: ${String(error)}`),
      );
      own.dispose();
      if (current !== own) return;
      current = null;
      scanning = null;
      progress = { ...progress, isScanning: false };
      tell();
    };
    scanning = scan();
    return scanned();
  };
  /** Follows what changed, or remembers that something did. */
  const again = (): void => {
    isStale = true;
    if (watching.size > 0) void refresh();
  };
  const reread = async (uris: readonly vscode.Uri[]): Promise<void> => {
    if (watching.size === 0) return again();
    const source = new vscode.CancellationTokenSource();
    await scanner.scan(uris, source.token, note);
    source.dispose();
  };

  const subscriptions = vscode.Disposable.from(
    changed,
    onSetting(SETTINGS.recipesExclude, again),
    onSetting(SETTINGS.recipesMaxFiles, again),
    vscode.workspace.onDidChangeWorkspaceFolders(again),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('files.exclude') || event.affectsConfiguration('search.exclude')) again();
    }),
  );

  return {
    files: (): readonly ScannedFile[] =>
      (sorted ??= [...found.values()].sort((a, b) => (a.uri.path < b.uri.path ? -1 : 1))),
    progress: (): ScanProgress => progress,
    /** Has grouped every recipe of `files` already. */
    grouper,
    onDidChange: changed.event,
    /** Looks through the workspace, unless that has been done; resolves when it is. */
    ensure: (): Promise<void> => (isStale && !scanning ? refresh() : scanned()),
    refresh,
    stop: (): void => {
      if (!current) return;
      current.cancel();
      isStale = true;
      progress = { ...progress, wasStopped: true };
    },
    /** Whether somebody looks there: changes are followed at once, and otherwise when somebody does again. */
    setWatched(where: 'view' | 'table', is: boolean): void {
      if (is) watching.add(where);
      else watching.delete(where);
      if (is && isStale && watcher && !progress.wasStopped) void refresh();
    },
    /** How many watchers there are. For tests. */
    watchers: (): number => (watcher ? 1 : 0),
    dispose: (): void => {
      clearTimeout(telling);
      current?.cancel();
      watcher?.dispose();
      watcher = null;
      subscriptions.dispose();
      reader.dispose();
    },
  };
}
