import * as vscode from 'vscode';

const FILTERS = { csv: 'CSV', md: 'Markdown' } as const;

/** Asks where to, and writes. The suggestion lies at the top of the workspace: `lora-recipes.csv`. */
export async function saveTable({ kind, data }: { kind: keyof typeof FILTERS; data: string }): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const target = await vscode.window.showSaveDialog({
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, `lora-recipes.${kind}`) }),
    filters: { [FILTERS[kind]]: [kind] },
  });
  if (target) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(data));
}
