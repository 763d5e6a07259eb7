import * as vscode from 'vscode';
import { CONFIG_EXTENSIONS } from '../../config/syntax/parse';
import { excludeGlob } from '../../scan/globs';
import { excludeSetting } from '../settings';

/** What can be a config, by its name. */
export const CONFIG_FILES = `**/*.{${CONFIG_EXTENSIONS.join(',')}}`;

/**
 * The files of the workspace that can be configs by their names, folder by folder, without what `files.exclude`,
 * `search.exclude` and our own setting exclude.
 * @param most of all folders together
 * @returns one more than `most` where there are more
 */
export async function findConfigFiles(most: number, token: vscode.CancellationToken): Promise<vscode.Uri[]> {
  const found = new Map<string, vscode.Uri>();
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    const include = new vscode.RelativePattern(folder, CONFIG_FILES);
    // With a glob of ours VS Code adds those of files.exclude.
    const exclude = excludeGlob(searchExcludes(folder), excludeSetting(folder)) ?? undefined;
    const uris = await vscode.workspace.findFiles(include, exclude, most + 1 - found.size, token);
    // A folder within another folder of the workspace lists the same files.
    for (const uri of uris) found.set(uri.toString(), uri);
    if (token.isCancellationRequested || found.size > most) break;
  }
  return [...found.values()];
}

function searchExcludes(scope: vscode.WorkspaceFolder): Readonly<Record<string, unknown>> {
  return vscode.workspace.getConfiguration('search', scope).get('exclude', {});
}
