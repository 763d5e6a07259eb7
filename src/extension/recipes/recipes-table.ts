import * as vscode from 'vscode';
import { recipesHostContract, recipesPageContract } from '../../messages/recipes';
import { visible } from '../../recipe/visible';
import type { Comparisons } from '../comparison/comparisons';
import { reveal } from '../documents/show-file';
import { PAGES } from '../ids';
import { openPage, panelSet, saveAs } from '../page/open-page';
import type { PickedRecipe } from '../pick-recipe';
import { recipeList, rowsOf, type Listed } from './recipe-list';
import type { Inventory } from './scan/inventory';

interface TableDeps {
  extensionUri: vscode.Uri;
  inventory: Inventory;
  comparisons: Comparisons;
  log: vscode.LogOutputChannel;
}

/** The table of the workspace's recipes, in an editor tab of which there is one. */
export interface RecipesTab extends vscode.Disposable {
  show(): void;
  restore(panel: vscode.WebviewPanel): void;
}

export function createRecipesTable(deps: TableDeps): RecipesTab {
  const tables = panelSet<vscode.Disposable, undefined>(PAGES.recipesTable, deps, (panel) => startTable(deps, panel));
  return {
    show() {
      if (!tables.reveal(() => true)) tables.open(vscode.l10n.t('LoRA recipes'), vscode.ViewColumn.Active, undefined);
    },
    restore: (panel) => tables.restore(panel, undefined),
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
  const pickedOf = (wanted: string): PickedRecipe | undefined => {
    const found = list().find(({ id }) => id === wanted);
    return found?.kind === 'recipe' ? { uri: found.uri, network: found.summary.index } : undefined;
  };

  page.answer({
    ready: () => {
      if (!inventory.progress().wasStopped) void inventory.ensure();
      push();
    },
    open: async ({ id: wanted }) => {
      const found = list().find(({ id }) => id === wanted);
      if (!found) return;
      const place = found.kind === 'recipe' ? found.summary.place : found.file.error?.place;
      await reveal(found.uri, place ?? { line: 1 });
    },
    compare: ({ first, second }) => {
      const [one, other] = [pickedOf(first), pickedOf(second)];
      if (one && other) comparisons.show(one, other);
    },
    refresh: () => void inventory.refresh(),
    stop: () => inventory.stop(),
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
  return {
    dispose() {
      subscriptions.dispose();
      inventory.setWatched('table', false);
      page.dispose('the table was closed');
    },
  };
}
