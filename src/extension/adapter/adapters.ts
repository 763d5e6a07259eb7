import * as vscode from 'vscode';
import type { Adapter, Source } from '../../adapter/adapter';
import type { Wrong } from '../../adapter/files/safetensors';
import { bytesSource } from '../../adapter/files/source';
import { measureFrom, type Measured } from '../../adapter/measure';
import { adapterFiles, adapterFilesOf, openAdapter } from '../../adapter/open';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import type { ConfigReader } from '../../worker/config-reader';
import type { Problem } from '../diagnostics/problems';
import { isThere, statIn } from '../documents/files';
import { fileNameOf } from '../documents/places';
import { isLocal } from '../recipes/scan/find';
import { faultProblems } from './config-faults';

/** An adapter, and the way to measure it: some modules from one on. */
export interface OpenedAdapter {
  adapter: Adapter;
  measure(from: number): Promise<(Measured | null)[]>;
}

/** In MB: larger files are not read whole. While a config is edited, its weights are read again and again. */
const MOST = { whole: 256, beside: 32 };

/** Where no thread does it, modules are measured for so many milliseconds at a time. */
const SLICE_MS = 30;

/** The files of the adapter in a folder, or that a file belongs to, weights first; a sentence where there is none. */
export async function filesBeside(uri: vscode.Uri): Promise<vscode.Uri[] | Wrong> {
  const isFolder = ((await statIn(uri))?.type ?? 0) & vscode.FileType.Directory;
  const at = (name: string): vscode.Uri => vscode.Uri.joinPath(uri, isFolder ? '.' : '..', name);
  const entries = await Promise.resolve(vscode.workspace.fs.readDirectory(at('.'))).catch(() => []);
  const names = new Set(entries.map(([name]) => name));
  // Some file systems list nothing.
  if (await isThere(at(ADAPTER_CONFIG))) names.add(ADAPTER_CONFIG);
  const own = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const files = isFolder ? adapterFiles([...names]) : adapterFilesOf(own, [...names]);
  return 'wrong' in files ? files : files.map(at);
}

/**
 * Opens the adapter in a folder, or that a file belongs to: from the disk its headers and what is asked for, in a thread;
 * from elsewhere whole files.
 * @param config the text of its config, where that is edited
 * @throws Error that says which file cannot be read
 */
export async function openedAdapter(
  reader: ConfigReader['adapters'],
  uri: vscode.Uri,
  config: string | null = null,
): Promise<OpenedAdapter | Wrong> {
  const uris = await filesBeside(uri);
  if ('wrong' in uris) return uris;
  const files = { urls: uris.map(String), config };
  const thread = uris.every(isLocal) ? reader : null;
  const adapter = thread
    ? await thread.open(files)
    : await openAdapter(await Promise.all(uris.map((each) => wholeFile(each, config))));
  if ('wrong' in adapter) return adapter;
  return { adapter, measure: (from) => thread?.measure(files, from) ?? measureFrom(adapter, from, SLICE_MS) };
}

async function wholeFile(uri: vscode.Uri, config: string | null): Promise<Source> {
  const name = fileNameOf(uri);
  if (config !== null && name === ADAPTER_CONFIG) return bytesSource(name, new TextEncoder().encode(config));
  const most = config === null ? MOST.whole : MOST.beside;
  if (((await statIn(uri))?.size ?? 0) > most * 1024 ** 2)
    throw new Error(vscode.l10n.t('{0} has more than {1} MB and is on no disk of this machine.', name, most));
  return bytesSource(name, await vscode.workspace.fs.readFile(uri));
}

/** What is missing or contradictory in the adapter whose config a document is, as it is edited. */
export async function configFaults(
  document: vscode.TextDocument,
  reader: ConfigReader['adapters'],
): Promise<Problem[]> {
  if (!document.uri.path.endsWith(`/${ADAPTER_CONFIG}`)) return [];
  const text = document.getText();
  const opened = await openedAdapter(reader, document.uri, text).catch(() => null);
  return opened && !('wrong' in opened) ? faultProblems(text, opened.adapter.faults) : [];
}
