import * as vscode from 'vscode';
import type { Core } from '../core';
import { PANEL_VIEW } from '../ids';

/** Brings panels back after a reload of the window. */
export function registerPanel(core: () => Promise<Core>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(PANEL_VIEW, {
    deserializeWebviewPanel: async (panel, state: unknown) => (await core()).restore(panel, state),
  });
}
