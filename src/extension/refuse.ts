import * as vscode from 'vscode';

/** Says in a message why something is not done. */
export function refuse(why: string): undefined {
  void vscode.window.showErrorMessage(why);
  return undefined;
}
