import * as vscode from 'vscode';
import { adapterConfigAt, type AdapterNumbers } from '../../config/compare/adapter-differs';
import type { GoesOn } from '../../config/reading';
import { isConversion } from '../../export/conversion';
import { addressOf } from '../documents/cells';
import { isThere, textIn } from '../documents/files';
import { fileNameOf } from '../documents/places';
import { textOf } from '../documents/read-document';
import { ask } from '../questions/ask';
import type { MendedProblem, Problem } from './problems';

/**
 * What a trained adapter of the workspace says of itself, seen from the document's folder, or from a folder of the workspace;
 * null where there is none. Where nobody trusts the workspace, a config's words open no file.
 */
async function adapterOf(document: vscode.TextDocument, goesOn: GoesOn): Promise<AdapterNumbers | null> {
  const config = adapterConfigAt(goesOn);
  if (config === null || !vscode.workspace.isTrusted) return null;
  const own = vscode.Uri.joinPath(addressOf(document), '..');
  for (const folder of [own, ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)]) {
    const found = await numbersOfConfig(uriIn(folder, config));
    if (found) return found;
  }
  return null;
}

function uriIn(folder: vscode.Uri, path: string): vscode.Uri {
  if (path.startsWith('/')) return folder.with({ path });
  // A drive of Windows.
  return /^[a-z]:\//i.test(path) ? folder.with({ path: `/${path}` }) : vscode.Uri.joinPath(folder, path);
}

async function numbersOfConfig(uri: vscode.Uri): Promise<AdapterNumbers | null> {
  const text = vscode.workspace.getWorkspaceFolder(uri) ? await textIn(uri) : null;
  if (text === null) return null;
  const reading = await ask('reading', { text, path: uri.path, hasWeights: false }, undefined).catch(() => null);
  return reading?.recipes[0] ?? null;
}

/**
 * What is wrong with the trained adapters that the runs of a document go on from, as far as they lie in the workspace.
 * @param problems of the document, among them those of its runs that go on
 */
export async function adapterProblems(
  document: vscode.TextDocument,
  problems: readonly Problem[],
): Promise<(MendedProblem & { adapter: AdapterNumbers })[]> {
  const text = textOf(document);
  const found = problems.map(async ({ finding: { goesOn }, range }) => {
    const adapter = goesOn && (await adapterOf(document, goesOn));
    const finding = adapter ? await ask('adapterDiffers', text, { from: goesOn.from, adapter }) : null;
    return adapter && finding ? [{ finding, fixes: [], range, adapter }] : [];
  });
  return (await Promise.all(found)).flat();
}

const FILE = 'convert_checkpoint.py';

/** Creates and opens a Python file beside the config, which converts a trained adapter to the config's scaling. */
export async function conversionAction(
  document: vscode.TextDocument,
  adapter: AdapterNumbers,
  diagnostics: vscode.Diagnostic[],
): Promise<vscode.CodeAction> {
  const config = addressOf(document);
  const file = vscode.Uri.joinPath(config, '..', FILE);
  const title = vscode.l10n.t('Convert the adapter with a Python file ({0})', FILE);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  const exported = await ask('adapterConversion', textOf(document), { adapter, name: fileNameOf(config) });
  const isOurs = !(await isThere(file)) || isConversion((await textIn(file)) ?? '');
  if ('refused' in exported) action.disabled = { reason: exported.refused };
  else if (!isOurs) {
    action.disabled = { reason: vscode.l10n.t('{0} exists and is not a conversion of LoRA Alpha.', FILE) };
  } else {
    action.edit = new vscode.WorkspaceEdit();
    action.edit.createFile(file, { overwrite: true });
    action.edit.insert(file, new vscode.Position(0, 0), exported.text);
    action.command = { command: 'vscode.open', title, arguments: [file] };
  }
  return action;
}
