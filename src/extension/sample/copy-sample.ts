import * as vscode from 'vscode';

/** What the copy is called. */
const NAME = 'lora-alpha-sample';

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
