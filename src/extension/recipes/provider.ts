import * as vscode from 'vscode';
import type { Features } from '../features';
import { RECIPES_VIEW } from '../ids';
import type { Node } from './recipe-nodes';
import type { RecipesTreeView } from './recipes-tree';

/** Registers the view "LoRA recipes". Nothing is loaded or looked for before it is visible. */
export function registerRecipesView(features: () => Promise<Features>): RecipesTreeView & vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<Node>(RECIPES_VIEW, {
    canSelectMany: true,
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: async (node) => (await features()).recipes.children(node),
      getTreeItem: async (node) => (await features()).recipes.item(node),
      resolveTreeItem: async (item, node) => (await features()).recipes.resolve(item, node),
      getParent: async (node) => (await features()).recipes.parent(node),
    },
  });
  return { view, changed, dispose: () => vscode.Disposable.from(view, changed).dispose() };
}
