import * as vscode from 'vscode';
import { adapterConfigAt } from '../../config/compare/adapter-differs';
import { adapterNumbers, type AdapterNumbers } from '../../config/compare/adapter-fix';
import type { GoesOn, ReadRecipe } from '../../config/reading';
import { ask } from '../ask';
import { notebookAround } from '../documents/cells-around';
import { textOf } from '../documents/read-document';
import type { MendedProblem, Problem } from './problems';

/** A longer file is no adapter's config. */
const LARGEST = 1024 * 1024;

/** A problem with the adapter that it is about. */
interface AdapterProblem extends MendedProblem {
  adapter: AdapterNumbers;
}

/**
 * What is wrong with the trained adapters that the runs of a document go on from, as far as they lie in the workspace: seen
 * from the document's folder, or from a folder of the workspace.
 * @param problems of the document, among them those of its runs that go on
 */
export async function adapterProblems(
  document: vscode.TextDocument,
  problems: readonly Problem[],
): Promise<AdapterProblem[]> {
  const text = textOf(document);
  const found = problems.map(async ({ finding: { goesOn }, range }): Promise<AdapterProblem[]> => {
    const adapter = goesOn && (await adapterOf(document, goesOn));
    if (!goesOn || !adapter) return [];
    const differs = await ask('adapterDiffers', text, { from: goesOn.from, adapter });
    return differs ? [{ ...differs, range, adapter }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** What a trained adapter of the workspace says of itself; undefined where there is none. */
async function adapterOf(document: vscode.TextDocument, goesOn: GoesOn): Promise<AdapterNumbers | undefined> {
  const own = vscode.Uri.joinPath(notebookAround(document)?.uri ?? document.uri, '..');
  for (const folder of [own, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)]) {
    const recipe = await recipeAt(uriIn(folder, adapterConfigAt(goesOn)));
    if (recipe) return adapterNumbers(recipe);
  }
  return undefined;
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
