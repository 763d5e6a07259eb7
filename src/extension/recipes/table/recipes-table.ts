import * as vscode from 'vscode';
import { visible } from '../../../recipe/visible';
import { type RecipesView, recipesHostContract, recipesPageContract } from '../../../messages/recipes';
import type { Comparisons } from '../../comparison/comparisons';
import { reveal } from '../../documents/show-file';
import { PAGES } from '../../ids';
import { copyText, openPage, panelSet, saveAs } from '../../page/open-page';
import type { PickedRecipe } from '../pick-config';
import type { Inventory, ScannedFile } from '../scan/inventory';
import { recipeRows, rowId } from './recipe-rows';

interface TableDeps {
  extensionUri: vscode.Uri;
  inventory: Inventory;
  comparisons: Comparisons;
  log: vscode.LogOutputChannel;
}

/** The table of the workspace's recipes, in an editor tab of which there is one. */
interface RecipesTab extends vscode.Disposable {
  /** Opens the table, or shows the one there is. */
  show(): void;
  /** Brings the table back after a reload; its page has kept how it is sorted, filtered and chosen. */
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
  const page = openPage(panel, {
    extensionUri,
    shows: 'recipes',
    host: recipesHostContract,
    page: recipesPageContract,
    onFault: (fault) => log.error(`messages: ${fault}`),
  });
  const push = (): void => {
    if (panel.visible) page.notify('view', viewOf(inventory));
  };
  const watch = (): void => inventory.setWatched('table', panel.visible);

  const open = async (id: string): Promise<void> => {
    const found = find(inventory.files(), id);
    if (!found) return;
    const { file, network } = found;
    const recipe = file.summary.recipes.find(({ index }) => index === network);
    await reveal(file.uri, recipe?.place ?? file.summary.error?.place ?? { line: 1 });
  };
  const compare = (first: string, second: string): void => {
    const [one, other] = [picked(inventory.files(), first), picked(inventory.files(), second)];
    if (one && other) comparisons.show(one, other);
  };

  page.answer({
    ready: () => {
      if (!inventory.progress().wasStopped) void inventory.ensure();
      push();
    },
    open: ({ id }) => open(id),
    compare: ({ first, second }) => compare(first, second),
    refresh: () => void inventory.refresh(),
    stop: () => inventory.stop(),
    openFolder: () => void vscode.commands.executeCommand('vscode.openFolder'),
    openSettings: () => void vscode.commands.executeCommand('workbench.action.openSettings', 'loraAlpha.recipes'),
    save: (table) => saveAs(table, atTop(`lora-recipes.${table.kind}`)),
    copy: copyText,
    fault: ({ message }) => log.error(`recipes: ${message}`),
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

/** Where a file of that name would lie at the top of the workspace. */
function atTop(name: string): vscode.Uri | undefined {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder && vscode.Uri.joinPath(folder.uri, name);
}

function viewOf(inventory: Inventory): RecipesView {
  const { isScanning, wasStopped, looked, total, hitLimit } = inventory.progress();
  const files = inventory.files().map(({ uri, summary }) => ({
    id: uri.toString(),
    path: visible(vscode.workspace.asRelativePath(uri)),
    summary,
  }));
  return {
    rows: recipeRows(files, inventory.grouper),
    scan: { state: isScanning ? 'running' : wasStopped ? 'stopped' : 'done', looked, total, hitLimit },
    hasFolder: (vscode.workspace.workspaceFolders ?? []).length > 0,
  };
}

/** The file of a row, and which of its recipes; no recipe where the file cannot be read. */
function find(files: readonly ScannedFile[], id: string): { file: ScannedFile; network: number | null } | undefined {
  for (const file of files) {
    const address = file.uri.toString();
    if (!id.startsWith(address)) continue;
    const recipe = file.summary.recipes.find(({ index }) => rowId(address, index) === id);
    if (recipe || id === address) return { file, network: recipe?.index ?? null };
  }
  return undefined;
}

function picked(files: readonly ScannedFile[], id: string): PickedRecipe | undefined {
  const found = find(files, id);
  return found && found.network !== null ? { uri: found.file.uri, network: found.network } : undefined;
}
