import * as v from 'valibot';
import * as vscode from 'vscode';
import { panelState, type PanelState } from '../../messages/panel';
import type { ResultsFile } from '../export/results-file';
import { PAGES } from '../ids';
import { taskSetting } from '../settings';
import { pageOptions } from '../page/open-page';
import type { Beginning } from './planned-file';
import { startSession, type Session, type SessionDeps } from './session';
import { fileNameOf } from '../documents/file-name';

export interface Panels extends vscode.Disposable {
  /** Opens the panel of a file beside its editor, or shows the one there is. */
  show(uri: vscode.Uri, network: number): void;
  /** Shows results in the panel of a config, which is opened where there is none. */
  showResults(file: ResultsFile, config: vscode.Uri): void;
  /** Files that open panels follow. */
  configs(): vscode.Uri[];
  /** Brings a panel back after a reload, with what its page kept. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  /** The session that was shown last. For tests. */
  latest(): Session | undefined;
}

/** All panels: at most one a file. */
export function createPanels(deps: SessionDeps): Panels {
  const open = new Map<vscode.WebviewPanel, Session>();
  let latest: Session | undefined;

  const adopt = (panel: vscode.WebviewPanel, beginning: Beginning): void => {
    const session = startSession(deps, panel, beginning);
    latest = session;
    open.set(panel, session);
    panel.onDidDispose(() => {
      open.delete(panel);
      session.dispose();
    });
  };

  const restore = (panel: vscode.WebviewPanel, state: unknown): void => {
    panel.webview.options = pageOptions(deps.extensionUri);
    const kept = v.safeParse(panelState, state);
    if (kept.success) {
      adopt(panel, { uri: vscode.Uri.parse(kept.output.uri), network: kept.output.network, kept: kept.output });
    } else {
      deps.log.warn('a panel could not be brought back: what it kept does not fit this version');
      panel.dispose();
    }
  };

  const openAt = (uri: vscode.Uri): [vscode.WebviewPanel, Session] | undefined =>
    [...open].find(([, session]) => session.uri().toString() === uri.toString());

  const create = (beginning: Beginning): void => {
    const panel = vscode.window.createWebviewPanel(
      PAGES.panel,
      `LoRA: ${fileNameOf(beginning.uri)}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      pageOptions(deps.extensionUri),
    );
    panel.iconPath = vscode.Uri.joinPath(deps.extensionUri, 'media', 'icon.png');
    adopt(panel, beginning);
  };

  const showResults = (file: ResultsFile, config: vscode.Uri): void => {
    const found = openAt(config);
    if (!found) {
      create({ uri: config, network: 0, kept: keptFor(file, config) });
      return;
    }
    const [panel, session] = found;
    latest = session;
    session.openResults(file);
    panel.reveal(undefined, true);
  };

  return {
    show(uri, network) {
      const found = openAt(uri);
      if (!found) return create({ uri, network, kept: null });
      const [panel, session] = found;
      latest = session;
      session.choose(network);
      panel.reveal(undefined, false);
    },
    showResults,
    configs: () => [...open.values()].map((session) => session.uri()),
    restore,
    latest: () => latest,
    dispose: () => {
      for (const panel of [...open.keys()]) panel.dispose();
    },
  };
}

/** A panel that is opened for results begins with the plan they checked. */
function keptFor({ uri, results: { check } }: ResultsFile, config: vscode.Uri): PanelState {
  return {
    uri: config.toString(),
    network: 0,
    target: { alpha: check.alpha[1] },
    plan: check.plan,
    task: taskSetting(),
    run: null,
    results: { uri: uri.toString(), isShown: true },
  };
}
