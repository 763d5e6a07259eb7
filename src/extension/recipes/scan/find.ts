import * as vscode from 'vscode';
import { CONFIG_EXTENSIONS } from '../../../config/syntax/parse';
import { excludedGlobs, oneGlob } from '../../../scan/globs';
import { breather } from '../../../scan/pace';
import type { ConfigReader } from '../../../worker/config-reader';
import { excludeSetting } from '../../settings';

/** A search that goes on until it is stopped, or has found enough. */
interface Search {
  found: Map<string, vscode.Uri>;
  enough: number;
  token: vscode.CancellationToken;
  breathe: () => Promise<void> | undefined;
}

/**
 * The files of the workspace that can be configs by their names, folder by folder, without what `files.exclude`,
 * `search.exclude` and our own setting exclude.
 * @param most of all folders together
 * @param list lists the folders of this machine's disk; null where VS Code does
 * @param warn hears of a folder that could not be listed
 * @returns one more than `most` where there are more
 */
export async function findConfigFiles(
  most: number,
  token: vscode.CancellationToken,
  list: ConfigReader['list'],
  warn: (message: string) => void,
): Promise<vscode.Uri[]> {
  const search: Search = { found: new Map(), enough: most + 1, token, breathe: hostBreather() };
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (list && isLocal(folder.uri)) await findOnDisk(folder, list, search, warn);
    else await findThroughEditor(folder, search);
    if (isOver(search)) break;
  }
  return [...search.found.values()];
}

/** Lists folder after folder. VS Code's own search may follow links, even to `/`. */
async function findOnDisk(
  folder: vscode.WorkspaceFolder,
  list: NonNullable<ConfigReader['list']>,
  search: Search,
  warn: (message: string) => void,
): Promise<void> {
  const exclude = excludedGlobs(excludesOf('files', folder), excludesOf('search', folder), excludeSetting(folder));
  const folders = [''];
  for (const within of folders) {
    if (isOver(search)) return;
    const place = vscode.Uri.joinPath(folder.uri, within);
    // A folder that takes too long is left out, as a file is.
    const inside = await list({ url: place.toString(), within, exclude, most: left(search) }).catch(
      (error: unknown) => {
        warn(`${place.path} was not listed: ${String(error)}`);
        return { files: [], folders: [] };
      },
    );
    for (const name of inside.files) await note(vscode.Uri.joinPath(place, name), search);
    for (const name of inside.folders) folders.push(`${within}${name}/`);
  }
}

/** Through VS Code's search, which knows file systems that no disk has. */
async function findThroughEditor(folder: vscode.WorkspaceFolder, search: Search): Promise<void> {
  // With a glob of ours VS Code adds those of files.exclude.
  const exclude = oneGlob(excludedGlobs(excludesOf('search', folder), excludeSetting(folder))) ?? undefined;
  // One search each: VS Code unpacks an answer in one go, and 10,000 addresses take it longer than a frame.
  for (const extension of CONFIG_EXTENSIONS) {
    if (isOver(search)) return;
    const include = new vscode.RelativePattern(folder, `**/*.${extension}`);
    const uris = await vscode.workspace.findFiles(include, exclude, left(search), search.token);
    await search.breathe();
    for (const uri of uris) await note(uri, search);
  }
}

/** A folder within another folder of the workspace lists the same files. */
async function note(uri: vscode.Uri, { found, breathe }: Search): Promise<void> {
  found.set(uri.toString(), uri);
  await breathe();
}

function left({ enough, found }: Search): number {
  return enough - found.size;
}

function isOver(search: Search): boolean {
  return search.token.isCancellationRequested || left(search) <= 0;
}

function excludesOf(whose: 'files' | 'search', scope: vscode.WorkspaceFolder): Readonly<Record<string, unknown>> {
  return vscode.workspace.getConfiguration(whose, scope).get('exclude', {});
}

/** Whether it is on a disk of the extension host's machine. Another machine's share is VS Code's to allow. */
export function isLocal({ scheme, authority }: vscode.Uri): boolean {
  return scheme === 'file' && authority === '';
}

/** Milliseconds after which the host's other work gets its turn: half a frame, as the last piece may go beyond. */
const BUDGET_MS = 6;

/** To be awaited between small pieces of work on the extension host's thread. */
export function hostBreather(): () => Promise<void> | undefined {
  const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
  return breather({ now: () => performance.now(), pause }, BUDGET_MS);
}
