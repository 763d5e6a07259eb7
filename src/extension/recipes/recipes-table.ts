import * as vscode from 'vscode';
import { recipesHostContract, recipesPageContract } from '../../messages/recipes';
import { visible } from '../../recipe/visible';
import type { Comparisons } from '../comparison/comparisons';
import { reveal } from '../documents/files';
import { PAGES } from '../ids';
import { type RunPanelDeps, openPage, panelSet, saveAs } from '../page/open-page';
import { recipeList, rowsOf, type Listed } from './recipe-list';
import type { Inventory } from './scan/inventory';

interface TableDeps extends Pick<RunPanelDeps, 'extensionUri' | 'log'> {
  inventory: Inventory;
  comparisons: Comparisons;
}

/** The table of the workspace's recipes, in an editor tab of which there is one. */
export function createRecipesTable(deps: TableDeps) {
  const tables = panelSet(PAGES.recipesTable, deps, (panel) => startTable(deps, panel));
  return {
    show(): void {
      if (!tables.reveal(() => true)) tables.open(vscode.l10n.t('LoRA recipes'), vscode.ViewColumn.Active, undefined);
    },
    restore: (panel: vscode.WebviewPanel): void => tables.restore(panel, undefined),
    dispose: tables.dispose,
  };
}

/** The host side of the table: it pushes what the inventory knows while the table is in sight. */
function startTable(
  { extensionUri, inventory, comparisons, log }: TableDeps,
  panel: vscode.WebviewPanel,
): vscode.Disposable {
  const contracts = { host: recipesHostContract, page: recipesPageContract };
  const page = openPage(panel, { extensionUri, log, shows: 'recipes', ...contracts });
  const list = (): Listed[] => recipeList(inventory.files(), inventory.grouper);
  const listed = (wanted: string): Listed | undefined => list().find(({ id }) => id === wanted);
  const push = (): void => {
    if (!panel.visible) return;
    const { isScanning, wasStopped, looked, total, hitLimit } = inventory.progress();
    page.notify('view', {
      rows: rowsOf(list(), (uri) => visible(vscode.workspace.asRelativePath(uri))),
      scan: { state: isScanning ? 'running' : wasStopped ? 'stopped' : 'done', looked, total, hitLimit },
      hasFolder: (vscode.workspace.workspaceFolders ?? []).length > 0,
    });
  };
  const watch = (): void => inventory.setWatched('table', panel.visible);

  page.answer({
    ready: () => {
      if (!inventory.progress().wasStopped) void inventory.ensure();
      push();
    },
    open: async ({ id }) => {
      const found = listed(id);
      const place = found?.kind === 'recipe' ? found.summary.place : found?.file.error?.place;
      if (found) await reveal(found.uri, place ?? { line: 1 });
    },
    compare: (chosen) => {
      const [one, other] = [chosen.first, chosen.second].map((id) => {
        const found = listed(id);
        return found?.kind === 'recipe' ? { uri: found.uri, network: found.summary.index } : undefined;
      });
      if (one && other) comparisons.show(one, other);
    },
    refresh: () => void inventory.refresh(),
    stop: inventory.stop,
    openFolder: () => void vscode.commands.executeCommand('vscode.openFolder'),
    openSettings: () => void vscode.commands.executeCommand('workbench.action.openSettings', 'loraAlpha.recipes'),
    save: (table) => {
      const [top] = vscode.workspace.workspaceFolders ?? [];
      return saveAs(table, top && vscode.Uri.joinPath(top.uri, `lora-recipes.${table.kind}`));
    },
  });
  const subscriptions = vscode.Disposable.from(
    inventory.onDidChange(push),
    panel.onDidChangeViewState(watch),
    vscode.workspace.onDidChangeWorkspaceFolders(push),
  );
  watch();
  return new vscode.Disposable(() => {
    subscriptions.dispose();
    inventory.setWatched('table', false);
    page.dispose('the table was closed');
  });
}
