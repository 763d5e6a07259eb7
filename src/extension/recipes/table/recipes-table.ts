import * as vscode from 'vscode';
import { PAGES } from '../../ids';
import { pageOptions } from '../../page/open-page';
import { startTable, type TableDeps } from './table-session';

/** The table of the workspace's recipes, in an editor tab of which there is one. */
export interface RecipesTab extends vscode.Disposable {
  /** Opens the table, or shows the one there is. */
  show(): void;
  /** Brings the table back after a reload; its page has kept how it is sorted, filtered and chosen. */
  restore(panel: vscode.WebviewPanel): void;
}

export function createRecipesTable(deps: TableDeps): RecipesTab {
  let open: vscode.WebviewPanel | null = null;

  const adopt = (panel: vscode.WebviewPanel): void => {
    const session = startTable(deps, panel);
    open = panel;
    panel.onDidDispose(() => {
      session.dispose();
      if (open === panel) open = null;
    });
  };

  return {
    show() {
      if (open) {
        open.reveal(undefined, false);
        return;
      }
      const panel = vscode.window.createWebviewPanel(
        PAGES.recipesTable,
        vscode.l10n.t('LoRA recipes'),
        { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
        pageOptions(deps.extensionUri),
      );
      panel.iconPath = vscode.Uri.joinPath(deps.extensionUri, 'media', 'icon.png');
      adopt(panel);
    },
    restore(panel) {
      panel.webview.options = pageOptions(deps.extensionUri);
      adopt(panel);
    },
    dispose: () => open?.dispose(),
  };
}
