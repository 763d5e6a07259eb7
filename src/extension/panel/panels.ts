import * as v from 'valibot';
import * as vscode from 'vscode';
import { panelState } from '../../messages/panel';
import { PANEL_VIEW } from '../ids';
import { pageOptions } from './open-page';
import { startSession, type Beginning, type Session, type SessionDeps } from './session';
import { fileNameOf } from '../documents/file-name';

export interface Panels extends vscode.Disposable {
  /** Opens the panel of a file beside its editor, or shows the one there is. */
  show(uri: vscode.Uri, network: number): void;
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

  return {
    show(uri, network) {
      for (const [panel, session] of open) {
        if (session.uri().toString() !== uri.toString()) continue;
        latest = session;
        session.choose(network);
        panel.reveal(undefined, false);
        return;
      }
      const panel = vscode.window.createWebviewPanel(
        PANEL_VIEW,
        `LoRA: ${fileNameOf(uri)}`,
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
        pageOptions(deps.extensionUri),
      );
      panel.iconPath = vscode.Uri.joinPath(deps.extensionUri, 'media', 'icon.png');
      adopt(panel, { uri, network, kept: null });
    },
    restore,
    latest: () => latest,
    dispose: () => {
      for (const panel of [...open.keys()]) panel.dispose();
    },
  };
}
