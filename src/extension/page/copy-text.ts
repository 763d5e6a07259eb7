import * as vscode from 'vscode';

/** Copies a text that a page hands over, and says so in the status bar. */
export async function copyText({ text, what }: { text: string; what: string }): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', what), 3000);
}
