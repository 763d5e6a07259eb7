import * as vscode from 'vscode';

/** What is known of a file or folder; null where there is none. */
export async function statIn(uri: vscode.Uri): Promise<vscode.FileStat | null> {
  try {
    return await vscode.workspace.fs.stat(uri);
  } catch {
    return null;
  }
}

/** Whether there is a file or folder at this address. */
export async function isThere(uri: vscode.Uri): Promise<boolean> {
  return (await statIn(uri)) !== null;
}

/** The text of a file; null where it cannot be read. */
export async function textIn(uri: vscode.Uri): Promise<string | null> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
