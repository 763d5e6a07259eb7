import * as vscode from 'vscode';
import { visible } from '../../recipe/visible';
import { addressOf } from '../documents/cells-around';
import { showFile } from '../documents/show-file';

/** The name of the file that the init code goes into. */
export const CODE_FILE = 'rescale_init.py';

/**
 * Writes the code into a new file beside the config and shows it. A file that exists is never replaced.
 * @returns whether the file now holds the code
 */
export async function createCodeFile(config: vscode.Uri, code: string): Promise<boolean> {
  const uri = vscode.Uri.joinPath(config, '..', CODE_FILE);
  const present = await vscode.workspace.fs.readFile(uri).then(
    (bytes) => new TextDecoder().decode(bytes),
    () => null,
  );
  // Undo leaves the file: applied again, the same plan finds its own code.
  if (present === code) {
    await showFile(uri, true);
    return true;
  }
  const exists = await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  if (exists) {
    const message = vscode.l10n.t(
      '{0} exists already, so it was not replaced. Copy the code instead.',
      visible(uri.path),
    );
    void vscode.window.showErrorMessage(message);
    return false;
  }
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(code));
  await showFile(uri, true);
  return true;
}

/**
 * Inserts the code above the line of the cursor, with that line's indentation.
 * @returns whether it was inserted
 */
export async function insertCode(script: vscode.Uri, code: string): Promise<boolean> {
  await showFile(script, true);
  const cell = chosenCell(script);
  const editor = vscode.window.visibleTextEditors.find(({ document }) =>
    cell ? document === cell : addressOf(document).toString() === script.toString(),
  );
  if (!editor) return false;
  const { text, range } = editor.document.lineAt(editor.selection.active.line);
  const indentation = /^\s*/.exec(text)?.[0] ?? '';
  const lines = code.trimEnd().split('\n');
  const indented = lines.map((line) => (line === '' ? '' : indentation + line)).join('\n');
  const change = new vscode.WorkspaceEdit();
  change.insert(editor.document.uri, range.start, `${indented}\n`);
  return vscode.workspace.applyEdit(change);
}

/** The cell of a notebook that is selected; undefined for other files. */
function chosenCell(script: vscode.Uri): vscode.TextDocument | undefined {
  const editor = vscode.window.visibleNotebookEditors.find(
    ({ notebook }) => notebook.uri.toString() === script.toString(),
  );
  return editor?.notebook.cellAt(editor.selection.start).document;
}

/** Says that the config alone is not the whole change, where no panel says so. */
export async function remindOfCode(code: string): Promise<void> {
  const copy = vscode.l10n.t('Copy code');
  const message = vscode.l10n.t(
    'The config is written. One step is left: your training script needs the lines that go with this plan.',
  );
  if ((await vscode.window.showInformationMessage(message, copy)) === copy) await vscode.env.clipboard.writeText(code);
}
