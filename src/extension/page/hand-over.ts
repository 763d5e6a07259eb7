import * as vscode from 'vscode';

/** Copies a text that a page hands over, and says so in the status bar. */
export async function copyText({ text, what }: { text: string; what: string }): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied: {0}', what), 3000);
}

const FILTERS = { png: 'PNG', svg: 'SVG', csv: 'CSV', md: 'Markdown' };

/** Asks where to, and writes what a page hands over: a text, or a PNG in base 64. */
export async function saveAs(
  { kind, data }: { kind: keyof typeof FILTERS; data: string },
  suggested: vscode.Uri | undefined,
): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    ...(suggested && { defaultUri: suggested }),
    filters: { [FILTERS[kind]]: [kind] },
  });
  if (!target) return;
  const bytes =
    kind === 'png' ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : new TextEncoder().encode(data);
  await vscode.workspace.fs.writeFile(target, bytes);
}
