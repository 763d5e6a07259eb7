import type * as vscode from 'vscode';
import type { AdapterNumbers } from '../../config/compare/adapter-fix';
import { ask } from '../questions/ask';
import { textOf } from '../documents/read-document';
import type { MendedProblem, Problem } from './problems';
import { adapterOf } from './trained-adapters';

/** A problem with the adapter that it is about. */
interface AdapterProblem extends MendedProblem {
  adapter: AdapterNumbers;
}

/**
 * What is wrong with the trained adapters that the runs of a document go on from, as far as they lie in the workspace.
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
