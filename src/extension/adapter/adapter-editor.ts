import * as vscode from 'vscode';
import type { Wrong } from '../../adapter/files/safetensors';
import { PER_SECOND, workOf, type Measured } from '../../adapter/measure';
import { ADAPTER_CONFIG } from '../../config/trainers/peft/trained-adapter';
import { adapterHostContract, adapterPageContract, type AdapterView, type MeasuringView } from '../../messages/adapter';
import { messageOf } from '../../messages/rpc';
import type { ConfigReader } from '../../worker/config-reader';
import { fileNameOf } from '../documents/places';
import { ADAPTER_EDITOR } from '../ids';
import { type RunPanelDeps, openPage, panelSet } from '../page/open-page';
import { hostBreather } from '../recipes/scan/find';
import { openedAdapter, type OpenedAdapter } from './adapters';

interface EditorDeps extends Pick<RunPanelDeps, 'extensionUri' | 'log'> {
  reader: ConfigReader['adapters'];
}

/** What takes less than so many seconds is measured without being asked for. */
const SOON = 20;

/** The read-only editor of adapters' weights. */
export function createAdapterEditor(deps: EditorDeps) {
  const editors = panelSet(ADAPTER_EDITOR, deps, (panel, uri: vscode.Uri) => startEditor(deps, panel, uri));
  return {
    resolve: (uri: vscode.Uri, panel: vscode.WebviewPanel): void => editors.restore(panel, uri),
    latest: editors.latest,
    dispose: editors.dispose,
  };
}

function startEditor({ extensionUri, log, reader }: EditorDeps, panel: vscode.WebviewPanel, uri: vscode.Uri) {
  const contracts = { host: adapterHostContract, page: adapterPageContract };
  const page = openPage(panel, { extensionUri, log, shows: 'adapter', ...contracts });
  const file = fileNameOf(uri);
  let opened: OpenedAdapter | null = null;
  let view: AdapterView | null = null;
  let rows: (Measured | null)[] = [];
  /** What was begun before the last change is not gone on with. */
  let round = 0;

  let progress: MeasuringView = { measuring: 'offered', seconds: 0, trouble: '' };
  const say = (changes: Partial<MeasuringView>): void => {
    progress = { ...progress, ...changes };
    page.notify('progress', progress);
  };
  /** All that is known; the page asks for it when it is shown again. */
  const show = (): void => {
    page.notify('measured', { from: 0, rows });
    page.notify('progress', progress);
    if (view) page.notify('view', view);
  };

  const measure = async ({ adapter, measure: some }: OpenedAdapter): Promise<void> => {
    const mine = ++round;
    const breathe = hostBreather();
    rows = [];
    say({ measuring: 'running', trouble: '' });
    while (rows.length < adapter.modules.length) {
      const next = await some(rows.length);
      await breathe();
      if (mine !== round) return;
      if (next.length === 0) throw new Error(vscode.l10n.t('The files have changed.'));
      page.notify('measured', { from: rows.length, rows: next });
      rows = [...rows, ...next];
    }
    say({ measuring: 'done' });
  };
  const begin = (): void => {
    if (!opened) return;
    measure(opened).catch((error: unknown) => say({ measuring: 'offered', trouble: messageOf(error) }));
  };

  const load = async (): Promise<void> => {
    const mine = ++round;
    const found = await openedAdapter(reader, uri).catch((error: unknown): Wrong => ({ wrong: messageOf(error) }));
    if (mine !== round) return;
    opened = 'wrong' in found ? null : found;
    rows = [];
    view = { file, adapter: 'wrong' in found ? found : found.adapter };
    const seconds = opened ? workOf(opened.adapter) / PER_SECOND : 0;
    progress = { measuring: 'offered', seconds, trouble: '' };
    show();
    if (seconds < SOON) begin();
  };

  page.answer({
    ready: show,
    measure: (isWanted) => {
      if (isWanted) return begin();
      round++;
      say({ measuring: 'offered' });
    },
    reopen: () => void vscode.commands.executeCommand('workbench.action.reopenWithEditor'),
  });
  const folder = new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), `{${ADAPTER_CONFIG},*.safetensors,*.gguf}`);
  const watcher = vscode.workspace.createFileSystemWatcher(folder);
  const changes = [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete].map((on) => on(() => void load()));
  void load();
  return {
    view: () => view && { ...view, ...progress },
    measured: () => rows.length,
    dispose(): void {
      round++;
      vscode.Disposable.from(watcher, ...changes).dispose();
      page.dispose('the editor was closed');
    },
  };
}
