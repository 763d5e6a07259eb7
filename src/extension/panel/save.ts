import * as vscode from 'vscode';

export interface Export {
  kind: 'png' | 'svg' | 'csv';
  /** Text, or base64 for png. */
  data: string;
}

const FILTERS: Readonly<Record<Export['kind'], string>> = { png: 'PNG', svg: 'SVG', csv: 'CSV' };

/** Asks where to, and writes. The suggestion stands beside the config: `llama3-alpha-64.svg`. */
export async function saveExport({ kind, data }: Export, beside: vscode.Uri, alpha: number): Promise<void> {
  const name = beside.path.slice(beside.path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const defaultUri = vscode.Uri.joinPath(beside, '..', `${name}-alpha-${alpha}.${kind}`);
  const target = await vscode.window.showSaveDialog({ defaultUri, filters: { [FILTERS[kind]]: [kind] } });
  if (!target) return;
  const bytes =
    kind === 'png' ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : new TextEncoder().encode(data);
  await vscode.workspace.fs.writeFile(target, bytes);
}
