import * as vscode from 'vscode';
import { FILTERED_CONTEXT, RECIPES_VIEW, SCANNING_CONTEXT } from '../ids';
import { nodesOf, RECIPE_ORDERS, recipeList, type Node, type RecipeOrder } from './recipe-list';
import type { Inventory } from './scan/inventory';
import { itemOf, resolvedItem } from './tree-items';

/** The view and the event that redraws it. The rest is loaded when the view is first shown. */
export interface RecipesTreeView {
  view: vscode.TreeView<Node>;
  changed: vscode.EventEmitter<undefined>;
}

/** What the view asks for, which is registered before anything is loaded, and how it is sorted and filtered. */
export interface RecipesTree extends vscode.Disposable {
  children(node: Node | undefined): Promise<Node[]> | Node[];
  item(node: Node): vscode.TreeItem;
  resolve(item: vscode.TreeItem, node: Node): vscode.TreeItem;
  parent(node: Node): Node | undefined;
  chooseOrder(): Promise<void>;
  /** Lets the user type a filter, which the list follows; Escape takes it back. */
  askFilter(): Promise<void>;
  clearFilter(): void;
}

const ORDER_KEY = 'recipes.order';

const ORDER_LABELS: Readonly<Record<RecipeOrder, string>> = {
  file: vscode.l10n.t('File'),
  scaling: vscode.l10n.t('Scaling'),
  rate: vscode.l10n.t('Learning rate'),
};

/**
 * Draws the inventory into the view: the list, its message, its badge of work.
 * @param memory keeps the order for the next window; a filter is for now
 */
export function recipesTree(
  inventory: Inventory,
  memory: vscode.Memento,
  { view, changed }: RecipesTreeView,
): RecipesTree {
  const kept = memory.get<string>(ORDER_KEY);
  let order = RECIPE_ORDERS.find((known) => known === kept) ?? 'file';
  let filter = '';
  let nodes: Node[] | null = null;
  let isScanning = false;
  let done: (() => void) | null = null;

  const redraw = (): void => {
    nodes = null;
    changed.fire(undefined);
  };
  const show = (): void => {
    const progress = inventory.progress();
    view.message = messageOf(inventory);
    if (progress.isScanning !== isScanning) {
      isScanning = progress.isScanning;
      void vscode.commands.executeCommand('setContext', SCANNING_CONTEXT, isScanning);
      done?.();
      done = null;
      // The bar below the view's title.
      if (isScanning) {
        const ended = new Promise<void>((resolve) => {
          done = resolve;
        });
        void vscode.window.withProgress({ location: { viewId: RECIPES_VIEW } }, () => ended);
      }
    }
    redraw();
  };
  const setFilter = (next: string): void => {
    if (next === filter) return;
    filter = next;
    view.description = filter === '' ? '' : `“${filter}”`;
    void vscode.commands.executeCommand('setContext', FILTERED_CONTEXT, filter !== '');
    redraw();
  };

  const subscriptions = vscode.Disposable.from(
    inventory.onDidChange(show),
    view.onDidChangeVisibility(({ visible }) => inventory.setWatched('view', visible)),
  );
  inventory.setWatched('view', view.visible);

  return {
    children(node) {
      if (node) return node.kind === 'group' ? [...node.recipes] : [];
      // The first look starts the scan; what it finds comes in as it is found.
      if (!inventory.progress().wasStopped) void inventory.ensure();
      return (nodes ??= nodesOf(recipeList(inventory.files(), inventory.grouper, filter), order));
    },
    item: itemOf,
    resolve: resolvedItem,
    parent: (node) => (node.kind === 'recipe' ? node.group : undefined),
    async chooseOrder() {
      const items = RECIPE_ORDERS.map((id) => ({
        id,
        label: ORDER_LABELS[id],
        ...(id === order && { description: vscode.l10n.t('now') }),
      }));
      const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Sort LoRA recipes by') });
      if (!picked) return;
      order = picked.id;
      await memory.update(ORDER_KEY, order);
      redraw();
    },
    async askFilter() {
      await vscode.commands.executeCommand(`${RECIPES_VIEW}.focus`);
      const before = filter;
      const box = vscode.window.createInputBox();
      box.title = vscode.l10n.t('Filter LoRA recipes');
      box.placeholder = vscode.l10n.t('Words of a name, folder, trainer or number: axolotl 2e-4');
      box.value = filter;
      const isAccepted = await new Promise<boolean>((resolve) => {
        box.onDidChangeValue(setFilter);
        box.onDidAccept(() => resolve(true));
        box.onDidHide(() => resolve(false));
        box.show();
      });
      box.dispose();
      if (!isAccepted) setFilter(before);
    },
    clearFilter: () => setFilter(''),
    dispose() {
      done?.();
      subscriptions.dispose();
    },
  };
}

/** What stands above the list; empty = nothing. */
function messageOf(inventory: Inventory): string {
  const { isScanning, looked, total, hitLimit, wasStopped } = inventory.progress();
  if (isScanning && total > 0) return vscode.l10n.t('Looked into {0} of {1} files', looked, total);
  if (isScanning) return '';
  if (wasStopped) return vscode.l10n.t('Stopped after {0} of {1} files. Refresh to go on.', looked, total);
  if (hitLimit) return vscode.l10n.t('Only the first {0} files were looked into (loraAlpha.recipes.maxFiles).', total);
  return '';
}
