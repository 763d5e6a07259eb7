import * as vscode from 'vscode';
import { COMMANDS } from './ids';

/** A link that opens the explanation of a kind of finding, in problems and hovers. */
export function explanationLink(code: string): vscode.Uri {
  return commandLink(COMMANDS.explain, [code]);
}

/** A link that runs a command of ours. */
export function commandLink(command: string, args: readonly unknown[]): vscode.Uri {
  return vscode.Uri.from({ scheme: 'command', path: command, query: JSON.stringify(args) });
}

/** Shows what a kind of finding means, from the page that is packed with the extension. */
export async function explain(extensionUri: vscode.Uri, code: unknown): Promise<void> {
  const page = vscode.Uri.joinPath(extensionUri, 'docs', 'findings.md');
  const fragment = typeof code === 'string' ? code : '';
  await vscode.commands.executeCommand('markdown.showPreview', page.with({ fragment }));
}
