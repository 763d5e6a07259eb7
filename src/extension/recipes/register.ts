import * as vscode from 'vscode';
import type { Core } from '../core';
import { RECIPES_TABLE_VIEW, RECIPES_VIEW } from '../ids';
import type { Node } from './recipe-nodes';
import type { RecipesView } from './recipes-view';

/** Registers the view "LoRA recipes" and its table. Nothing is loaded or looked for before it is visible. */
export function registerRecipes(core: () => Promise<Core>): RecipesView & vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<Node>(RECIPES_VIEW, {
    canSelectMany: true,
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (await core()).recipes.children(node),
      getTreeItem: async (node) => (await core()).recipes.item(node),
      resolveTreeItem: async (item, node) => (await core()).recipes.resolve(item, node),
      getParent: async (node) => (await core()).recipes.parent(node),
    },
  });
  // Brings the table back after a reload of the window.
  const table = vscode.window.registerWebviewPanelSerializer(RECIPES_TABLE_VIEW, {
    deserializeWebviewPanel: async (panel) => (await core()).recipesTable.restore(panel),
  });
  return { view, changed, dispose: () => vscode.Disposable.from(view, changed, table).dispose() };
}
