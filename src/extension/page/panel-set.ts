import * as vscode from 'vscode';
import { pageOptions } from './open-page';

/** The open panels of one view type, each with its session. */
export interface PanelSet<Session, Beginning> extends vscode.Disposable {
  open(title: string, viewColumn: vscode.ViewColumn, beginning: Beginning): void;
  /** Shows the panel whose session fits, after it was told what to show; false where there is none. */
  reveal(fits: (session: Session) => boolean, tell?: (session: Session) => void, preserveFocus?: boolean): boolean;
  /** Brings a panel back after a reload; closes it where what its page kept does not fit: `beginning` is null. */
  restore(panel: vscode.WebviewPanel, beginning: Beginning | null): void;
  sessions(): Session[];
  /** The session that was shown last, until its panel is closed. */
  latest(): Session | undefined;
}

export function panelSet<Session extends vscode.Disposable, Beginning>(
  viewType: string,
  { extensionUri, log }: { extensionUri: vscode.Uri; log: vscode.LogOutputChannel },
  start: (panel: vscode.WebviewPanel, beginning: Beginning) => Session,
): PanelSet<Session, Beginning> {
  const open = new Map<vscode.WebviewPanel, Session>();
  let latest: Session | undefined;

  const adopt = (panel: vscode.WebviewPanel, beginning: Beginning): void => {
    const session = start(panel, beginning);
    latest = session;
    open.set(panel, session);
    panel.onDidDispose(() => {
      open.delete(panel);
      if (latest === session) latest = undefined;
      session.dispose();
    });
  };

  return {
    open(title, viewColumn, beginning) {
      const panel = vscode.window.createWebviewPanel(viewType, title, viewColumn, pageOptions(extensionUri));
      panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
      adopt(panel, beginning);
    },
    reveal(fits, tell, preserveFocus = false) {
      const found = [...open].find(([, session]) => fits(session));
      if (!found) return false;
      const [panel, session] = found;
      latest = session;
      tell?.(session);
      panel.reveal(undefined, preserveFocus);
      return true;
    },
    restore(panel, beginning) {
      panel.webview.options = pageOptions(extensionUri);
      if (beginning !== null) return adopt(panel, beginning);
      log.warn(`${viewType} could not be brought back: what it kept does not fit this version`);
      panel.dispose();
    },
    sessions: () => [...open.values()],
    latest: () => latest,
    dispose: () => {
      for (const panel of [...open.keys()]) panel.dispose();
    },
  };
}
