import * as vscode from 'vscode';
import type { AdapterNumbers } from '../../config/compare/adapter-fix';
import { isConversion } from '../../export/conversion/conversion';
import { visible } from '../../recipe/visible';
import { ask } from '../questions/ask';
import { notebookAround } from '../documents/cells-around';
import { fileNameOf } from '../documents/file-name';
import { textOf } from '../documents/read-document';

const FILE = 'convert_checkpoint.py';

/** Creates a Python file beside the config, which converts a trained adapter to the config's scaling, and opens the file. */
export async function conversionAction(
  document: vscode.TextDocument,
  adapter: AdapterNumbers,
  diagnostics: vscode.Diagnostic[],
): Promise<vscode.CodeAction> {
  const config = notebookAround(document)?.uri ?? document.uri;
  const file = vscode.Uri.joinPath(config, '..', FILE);
  const title = vscode.l10n.t('Convert the adapter with a Python file ({0})', FILE);
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = diagnostics;
  const exported = await ask('adapterConversion', textOf(document), { adapter, name: visible(fileNameOf(config)) });
  const existing = await textIn(file);
  if ('refused' in exported) action.disabled = { reason: exported.refused };
  else if (existing !== null && !isConversion(existing)) {
    action.disabled = { reason: vscode.l10n.t('{0} exists and is not a conversion of LoRA Alpha.', FILE) };
  } else {
    action.edit = new vscode.WorkspaceEdit();
    action.edit.createFile(file, { overwrite: true });
    action.edit.insert(file, new vscode.Position(0, 0), exported.text);
    action.command = { command: 'vscode.open', title, arguments: [file] };
  }
  return action;
}

/** The text of a file; null where there is none. */
async function textIn(file: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return null;
  }
}
