import * as vscode from 'vscode';
import { RULES_PAGE } from '../../recipe/blog-rule';

/** Shows the page with every optimizer's rule, which is packed with the extension, as it reads. */
export async function openRules(extensionUri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(extensionUri, RULES_PAGE));
}
