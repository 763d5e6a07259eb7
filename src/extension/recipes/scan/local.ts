import type * as vscode from 'vscode';

/** Whether it is on a disk of the machine that the extension host runs on. Another machine's share is VS Code's to allow. */
export function isLocal({ scheme, authority }: vscode.Uri): boolean {
  return scheme === 'file' && authority === '';
}
