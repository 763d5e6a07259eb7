import * as vscode from 'vscode';
import type { Wrong } from '../../adapter/files/safetensors';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import { adapterHostContract, adapterPageContract, type AdapterView } from '../../messages/adapter';
import { messageOf } from '../../messages/rpc';
import type { ConfigReader } from '../../worker/config-reader';
import { fileNameOf } from '../documents/places';
import { ADAPTER_EDITOR } from '../ids';
import { type RunPanelDeps, openPage, panelSet } from '../page/open-page';
import { openedAdapter, type OpenedAdapter } from './adapters';

interface EditorDeps extends Pick<RunPanelDeps, 'extensionUri' | 'log'> {
  reader: ConfigReader['adapters'];
}

/** The read-only editor of adapters' weights. */
export const createAdapterEditor = (deps: EditorDeps) =>
  panelSet(ADAPTER_EDITOR, deps, (panel, uri: vscode.Uri) => startEditor(deps, panel, uri));

/** Opens the files, again whenever they change, and measures what the page asks for while it is in sight. */
function startEditor({ extensionUri, log, reader }: EditorDeps, panel: vscode.WebviewPanel, uri: vscode.Uri) {
  const contracts = { host: adapterHostContract, page: adapterPageContract };
  const page = openPage(panel, { extensionUri, log, shows: 'adapter', ...contracts });
  let opening: Promise<OpenedAdapter | Wrong>;
  let view: AdapterView | null = null;
  const show = (): void => {
    if (view) page.notify('view', view);
  };
  const load = async (): Promise<void> => {
    const mine = (opening = openedAdapter(reader, uri).catch((error: unknown) => ({ wrong: messageOf(error) })));
    const found = await mine;
    if (mine !== opening) return;
    view = { file: fileNameOf(uri), adapter: 'wrong' in found ? found : found.adapter, measured: [] };
    show();
  };
  page.answer({
    ready: show,
    measure: async (from) => {
      const [mine, found] = [view, await opening];
      const rows = 'wrong' in found ? [] : await found.measure(from);
      if (rows.length === 0) throw new Error(vscode.l10n.t('The files have changed.'));
      if (mine) mine.measured = [...mine.measured.slice(0, from), ...rows];
      return rows;
    },
  });
  const folder = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), `{${ADAPTER_CONFIG},*.safetensors,*.gguf}`);
  const watcher = vscode.workspace.createFileSystemWatcher(folder);
  const changes = [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete].map((on) => on(() => void load()));
  void load();
  return {
    view: () => view,
    dispose(): void {
      vscode.Disposable.from(watcher, ...changes).dispose();
      page.dispose('the editor was closed');
    },
  };
}
