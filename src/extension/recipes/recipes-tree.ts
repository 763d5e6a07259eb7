import * as vscode from 'vscode';
import { FILTERED_CONTEXT, RECIPES_VIEW, SCANNING_CONTEXT } from '../ids';
import type { Arrangement } from './arrangement';
import type { Inventory } from './scan/inventory';
import { itemOf, resolvedItem } from './tree-items';
import { nodesOf, type Node } from './recipe-nodes';

/** The view and the event that redraws it. The rest is loaded when the view is first shown. */
export interface RecipesTreeView {
  view: vscode.TreeView<Node>;
  changed: vscode.EventEmitter<undefined>;
}

/** What the view asks for. It is registered before anything is loaded, see register.ts. */
export interface RecipesTree extends vscode.Disposable {
  children(node: Node | undefined): Promise<Node[]> | Node[];
  item(node: Node): vscode.TreeItem;
  resolve(item: vscode.TreeItem, node: Node): vscode.TreeItem;
  parent(node: Node): Node | undefined;
}

/** Draws the inventory into the view: the list, its message, its badge of work. */
export function recipesTree(
  inventory: Inventory,
  arrangement: Arrangement,
  { view, changed }: RecipesTreeView,
): RecipesTree {
  let nodes: Node[] | null = null;
  let isScanning = false;
  let done: (() => void) | null = null;

  const show = (): void => {
    nodes = null;
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
    changed.fire(undefined);
  };

  const arrange = (): void => {
    const filter = arrangement.filter();
    view.description = filter === '' ? '' : `“${filter}”`;
    void vscode.commands.executeCommand('setContext', FILTERED_CONTEXT, filter !== '');
    nodes = null;
    changed.fire(undefined);
  };

  const subscriptions = vscode.Disposable.from(
    inventory.onDidChange(show),
    arrangement.onDidChange(arrange),
    view.onDidChangeVisibility(({ visible }) => inventory.setWatched('view', visible)),
  );
  inventory.setWatched('view', view.visible);

  return {
    children(node) {
      if (node) return node.kind === 'group' ? [...node.recipes] : [];
      // The first look starts the scan; what it finds comes in as it is found.
      if (!inventory.progress().wasStopped) void inventory.ensure();
      return (nodes ??= nodesOf(inventory.files(), inventory.grouper, {
        order: arrangement.order(),
        filter: arrangement.filter(),
      }));
    },
    item: itemOf,
    resolve: resolvedItem,
    parent: (node) => (node.kind === 'recipe' ? node.group : undefined),
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
