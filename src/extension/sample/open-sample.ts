import * as vscode from 'vscode';
import { messageOf } from '../../messages/rpc';

const NAME = 'lora-alpha-sample';

type ExtensionFolders = Pick<vscode.ExtensionContext, 'extensionUri' | 'globalStorageUri'>;

/**
 * "Open the sample workspace": copies the shipped examples into a folder, and opens the folder. In a browser without a
 * file system it offers one example instead.
 */
export async function openSample(home: ExtensionFolders, log: vscode.LogOutputChannel): Promise<void> {
  if (home.globalStorageUri.scheme !== 'file') return offerExample(home);
  const parent = await askForParent(home);
  if (!parent) return;
  try {
    const folder = await copySample(home.extensionUri, parent);
    const forceNewWindow = (vscode.workspace.workspaceFolders ?? []).length > 0;
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow });
  } catch (error) {
    log.error(`the sample workspace cannot be copied to ${parent.toString()}: ${String(error)}`);
    const openLog = vscode.l10n.t('Open log');
    const message = vscode.l10n.t('The sample workspace cannot be copied: {0}', messageOf(error));
    if ((await vscode.window.showErrorMessage(message, openLog)) === openLog) log.show();
  }
}

/**
 * Copies the shipped examples into a new folder below `parent`: `lora-alpha-sample`, else `lora-alpha-sample-2`, …
 * @returns the new folder
 * @throws FileSystemError if it cannot be written
 */
export async function copySample(extensionUri: vscode.Uri, parent: vscode.Uri): Promise<vscode.Uri> {
  await vscode.workspace.fs.createDirectory(parent);
  const taken = new Set((await vscode.workspace.fs.readDirectory(parent)).map(([name]) => name));
  let name = NAME;
  for (let number = 2; taken.has(name); number++) name = `${NAME}-${number}`;
  const folder = vscode.Uri.joinPath(parent, name);
  await vscode.workspace.fs.copy(vscode.Uri.joinPath(extensionUri, 'examples'), folder);
  return folder;
}

async function askForParent({ globalStorageUri }: ExtensionFolders): Promise<vscode.Uri | undefined> {
  const temporary: vscode.QuickPickItem = {
    label: vscode.l10n.t('In a new folder'),
    detail: vscode.l10n.t('To look around: a copy in the storage of the editor.'),
    iconPath: new vscode.ThemeIcon('beaker'),
  };
  const chosen: vscode.QuickPickItem = {
    label: vscode.l10n.t('Choose a folder…'),
    detail: vscode.l10n.t('You choose where the folder lora-alpha-sample is made.'),
    iconPath: new vscode.ThemeIcon('folder-opened'),
  };
  const title = vscode.l10n.t('Where should the sample workspace go?');
  const answer = await vscode.window.showQuickPick([temporary, chosen], { title, placeHolder: title });
  if (answer !== chosen) return answer && vscode.Uri.joinPath(globalStorageUri, 'samples');
  const openLabel = vscode.l10n.t('Copy the sample here');
  const folders = { canSelectFiles: false, canSelectFolders: true, openLabel };
  return (await vscode.window.showOpenDialog(folders))?.[0];
}

/** The shortest way to a first check where no folder can be written. */
async function offerExample({ extensionUri }: ExtensionFolders): Promise<void> {
  const open = vscode.l10n.t('Open an example');
  const message = vscode.l10n.t(
    'A browser has no folder for the sample workspace. Open one example here, or run this command in VS Code on your computer.',
  );
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extensionUri, 'examples', 'axolotl-llama3.yml'));
  const content = new TextDecoder().decode(bytes);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'yaml', content }));
}
