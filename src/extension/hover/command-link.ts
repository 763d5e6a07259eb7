import * as vscode from 'vscode';

/** A link that runs a command, for Markdown that is trusted to. */
export function commandLink(command: string, args: readonly unknown[]): string {
  return vscode.Uri.from({ scheme: 'command', path: command, query: JSON.stringify(args) }).toString();
}
