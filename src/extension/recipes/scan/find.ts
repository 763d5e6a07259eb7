import * as vscode from 'vscode';
import { CONFIG_EXTENSIONS } from '../../../config/syntax/parse';
import { excludeGlob } from '../../../scan/globs';
import { excludeSetting } from '../../settings';
import { hostBreather } from './host-breather';

/** What a workspace may have thousands of. */
const MANY: readonly string[] = ['json', 'py'];

/**
 * One search each: VS Code unpacks an answer in one go, and 10,000 addresses take it longer than a frame. No file is
 * found by two of them.
 */
const PIECES: readonly string[] = [
  `**/*.{${CONFIG_EXTENSIONS.filter((extension) => !MANY.includes(extension)).join(',')}}`,
  ...MANY.flatMap((extension) => ['a-f', 'g-m', '!a-m'].map((initials) => `**/[${initials}]*.${extension}`)),
];

/**
 * The files of the workspace that can be configs by their names, folder by folder, without what `files.exclude`,
 * `search.exclude` and our own setting exclude.
 * @param most of all folders together
 * @returns one more than `most` where there are more
 */
export async function findConfigFiles(most: number, token: vscode.CancellationToken): Promise<vscode.Uri[]> {
  const found = new Map<string, vscode.Uri>();
  const breathe = hostBreather();
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    // With a glob of ours VS Code adds those of files.exclude.
    const exclude = excludeGlob(searchExcludes(folder), excludeSetting(folder)) ?? undefined;
    for (const pattern of PIECES) {
      const include = new vscode.RelativePattern(folder, pattern);
      const uris = await vscode.workspace.findFiles(include, exclude, most + 1 - found.size, token);
      await breathe();
      for (const uri of uris) {
        // A folder within another folder of the workspace lists the same files.
        found.set(uri.toString(), uri);
        await breathe();
      }
      if (token.isCancellationRequested || found.size > most) return [...found.values()];
    }
  }
  return [...found.values()];
}

function searchExcludes(scope: vscode.WorkspaceFolder): Readonly<Record<string, unknown>> {
  return vscode.workspace.getConfiguration('search', scope).get('exclude', {});
}
