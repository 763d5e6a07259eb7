import * as vscode from 'vscode';
import type { PlotExport } from '../../messages/panel';
import { fileNameOf } from '../documents/file-name';

const FILTERS: Readonly<Record<PlotExport['kind'], string>> = { png: 'PNG', svg: 'SVG', csv: 'CSV' };

/** Asks where to, and writes. The suggestion stands beside the config: `llama3-alpha-64.svg`. */
export async function saveExport({ kind, data }: PlotExport, beside: vscode.Uri, alpha: number): Promise<void> {
  const name = fileNameOf(beside).replace(/\.[^.]*$/, '');
  const defaultUri = vscode.Uri.joinPath(beside, '..', `${name}-alpha-${alpha}.${kind}`);
  const target = await vscode.window.showSaveDialog({ defaultUri, filters: { [FILTERS[kind]]: [kind] } });
  if (!target) return;
  const bytes =
    kind === 'png' ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : new TextEncoder().encode(data);
  await vscode.workspace.fs.writeFile(target, bytes);
}
