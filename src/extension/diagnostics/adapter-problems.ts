import * as vscode from 'vscode';
import { adapterConfigAt, adapterDiffers } from '../../config/compare/adapter-differs';
import type { ReadRecipe } from '../../config/reading';
import { ask } from '../ask';
import { notebookAround } from '../documents/cells-around';
import { textOf } from '../documents/read-document';
import type { Problem } from './problems';

/** A longer file is no adapter's config. */
const LARGEST = 1024 * 1024;

/**
 * What is wrong with the trained adapters that the runs of a document go on from, as far as they lie in the workspace: seen
 * from the document's folder, or from a folder of the workspace.
 * @param problems of the document, among them those of its runs that go on
 */
export async function adapterProblems(document: vscode.TextDocument, problems: readonly Problem[]): Promise<Problem[]> {
  const found = problems.map(async ({ finding, range }): Promise<Problem[]> => {
    if (!finding.goesOn) return [];
    const own = vscode.Uri.joinPath(notebookAround(document)?.uri ?? document.uri, '..');
    const folders = [own, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)];
    for (const folder of folders) {
      const adapter = await recipeAt(uriIn(folder, adapterConfigAt(finding.goesOn)));
      if (!adapter) continue;
      const differs = adapterDiffers(await ask('reading', textOf(document), undefined), finding, adapter);
      return differs ? [{ finding: differs, range }] : [];
    }
    return [];
  });
  return (await Promise.all(found)).flat();
}

/** The address of a path that a config in this folder writes. */
function uriIn(folder: vscode.Uri, path: string): vscode.Uri {
  if (path.startsWith('/')) return folder.with({ path });
  // A drive of Windows.
  return /^[a-z]:\//i.test(path) ? folder.with({ path: `/${path}` }) : vscode.Uri.joinPath(folder, path);
}

/** The recipe of an adapter's config in the workspace; undefined where there is none. */
async function recipeAt(uri: vscode.Uri): Promise<ReadRecipe | undefined> {
  if (!vscode.workspace.getWorkspaceFolder(uri)) return undefined;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > LARGEST) return undefined;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return (await ask('reading', { text, path: uri.path, hasWeights: false }, undefined)).recipes[0];
  } catch {
    return undefined;
  }
}
