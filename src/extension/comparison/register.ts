import * as vscode from 'vscode';
import type { Core } from '../core';
import { COMPARISON_VIEW } from '../ids';

/** Brings comparisons back after a reload of the window. */
export function registerComparison(core: () => Promise<Core>): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(COMPARISON_VIEW, {
    deserializeWebviewPanel: async (panel, state: unknown) => (await core()).restoreComparison(panel, state),
  });
}
