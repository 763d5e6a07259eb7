import * as v from 'valibot';
import * as vscode from 'vscode';
import { panelState, type PanelState } from '../../messages/panel';
import type { ResultsFile } from '../export/results-file';
import { PAGES } from '../ids';
import { taskSetting } from '../settings';
import { panelSet } from '../page/panel-set';
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
  const panels = panelSet(PAGES.panel, deps, (panel, beginning: Beginning) => startSession(deps, panel, beginning));
  const open = (beginning: Beginning): void =>
    panels.open(`LoRA: ${fileNameOf(beginning.uri)}`, vscode.ViewColumn.Beside, beginning);
  const follows =
    (uri: vscode.Uri) =>
    (session: Session): boolean =>
      session.uri().toString() === uri.toString();

  return {
    show(uri, network) {
      const isShown = panels.reveal(follows(uri), (session) => session.choose(network));
      if (!isShown) open({ uri, network, kept: null });
    },
    showResults(file, config) {
      const isShown = panels.reveal(follows(config), (session) => session.openResults(file), true);
      if (!isShown) open({ uri: config, network: 0, kept: keptFor(file, config) });
    },
    configs: () => panels.sessions().map((session) => session.uri()),
    restore(panel, state) {
      const kept = v.safeParse(panelState, state);
      if (!kept.success) return panels.restore(panel, null);
      const { uri, network } = kept.output;
      panels.restore(panel, { uri: vscode.Uri.parse(uri), network, kept: kept.output });
    },
    latest: panels.latest,
    dispose: panels.dispose,
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
