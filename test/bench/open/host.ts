import { readdirSync } from 'node:fs';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/activate';
import { keepResults, pause, quiet, watched, type Watched } from '../watched';

/** Runs inside the extension host, beside the extension, and opens one file after the other. */

interface Run {
  file: string;
  /** While it was opened, and lenses, hover, actions and problems were asked for. */
  opened: Watched;
  /** The same of a text that is no config: what the editor itself takes. */
  foreign: Watched;
  lenses: number;
}

export const run = (): Promise<void> => keepResults(measure);

async function measure(keep: (run: Run) => void): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const api = await vscode.extensions.getExtension<TestApi>('lora-alpha.lora-alpha')?.activate();
  if (!folder || !api) throw new Error('the extension does not know that it is being tested');
  await api.features();
  const names = readdirSync(folder.fsPath).sort();
  // Whatever is loaded or compiled with a first file is not the next one's fault.
  for (const name of names.filter((each) => /small/.test(each))) await lookAt(vscode.Uri.joinPath(folder, name));
  await quiet();
  for (const name of names.filter((each) => !/^(?:foreign|small)/.test(each))) {
    // Of two notebooks the second takes the editor longer, in either order.
    let lenses = 0;
    const opened = await watched(async () => {
      lenses = await lookAt(vscode.Uri.joinPath(folder, name));
    });
    await quiet(6);
    const foreign = await watched(() => lookAt(vscode.Uri.joinPath(folder, `foreign-${name}`)));
    keep({ file: name, opened, foreign, lenses });
    await quiet(6);
  }
}

/** Opens a file as a user does, and has the editor ask for all that it shows. @returns how many lenses of ours there are */
async function lookAt(uri: vscode.Uri): Promise<number> {
  const document = await shown(uri);
  const lenses = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100);
  const start = new vscode.Position(0, 0);
  await ask('vscode.executeHoverProvider', document.uri, start);
  await ask('vscode.executeCodeActionProvider', document.uri, new vscode.Range(start, start));
  // Problems and the status bar follow when typing has paused, and after a turn of a thread.
  await pause(1500);
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  return lenses?.filter(({ command }) => command?.command.startsWith('loraAlpha.')).length ?? 0;
}

async function shown(uri: vscode.Uri): Promise<vscode.TextDocument> {
  if (!uri.path.endsWith('.ipynb')) return (await vscode.window.showTextDocument(uri)).document;
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  return notebook.cellAt(notebook.cellCount - 1).document;
}

async function ask<Answer>(command: string, ...args: unknown[]): Promise<Answer | undefined> {
  return vscode.commands.executeCommand<Answer>(command, ...args).then(
    (answer) => answer,
    // The editor gives up where texts change meanwhile.
    () => undefined,
  );
}
