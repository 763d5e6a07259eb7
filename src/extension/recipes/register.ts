import type { Answers, Core } from '../core';
import { createArrangement } from './arrangement';
import { recipesTree, type RecipesTree, type RecipesTreeView } from './recipes-tree';
import { createRecipesTable } from './table/recipes-table';

type Answered =
  | 'refreshRecipes'
  | 'stopScan'
  | 'sortRecipes'
  | 'filterRecipes'
  | 'clearRecipesFilter'
  | 'openRecipesTable'
  | 'recipesTable';

/** The view "LoRA recipes", how it is sorted and filtered, and the table of the same recipes. */
export function registerRecipes(
  { context, inventory, comparisons, log }: Core,
  view: RecipesTreeView,
): { tree: RecipesTree; answers: Answers<Answered> } {
  const { extensionUri, workspaceState, subscriptions } = context;
  const arrangement = createArrangement(workspaceState);
  const tree = recipesTree(inventory, arrangement, view);
  const table = createRecipesTable({ extensionUri, inventory, comparisons, log });
  subscriptions.push(tree, arrangement, table);
  return {
    tree,
    answers: {
      refreshRecipes: inventory.refresh,
      stopScan: inventory.stop,
      sortRecipes: arrangement.chooseOrder,
      filterRecipes: arrangement.askFilter,
      clearRecipesFilter: arrangement.clearFilter,
      openRecipesTable: table.show,
      recipesTable: table.restore,
    },
  };
}
