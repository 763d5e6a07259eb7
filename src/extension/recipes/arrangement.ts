import * as vscode from 'vscode';
import { RECIPES_VIEW } from '../ids';
import { RECIPE_ORDERS, type RecipeOrder } from './recipe-nodes';

/** How the list is sorted, and which of it is shown. */
export interface Arrangement extends vscode.Disposable {
  order(): RecipeOrder;
  /** Empty = everything is shown. */
  filter(): string;
  readonly onDidChange: vscode.Event<void>;
  /** Lets the user choose what to sort by. */
  chooseOrder(): Promise<void>;
  /** Lets the user type a filter, which the list follows; Escape takes it back. */
  askFilter(): Promise<void>;
  clearFilter(): void;
}

/** @param memory keeps the order for the next window; a filter is for now */
export function createArrangement(memory: vscode.Memento): Arrangement {
  const changed = new vscode.EventEmitter<void>();
  const kept = memory.get<string>(KEY);
  let order = RECIPE_ORDERS.find((known) => known === kept) ?? 'file';
  let filter = '';
  const setFilter = (next: string): void => {
    if (next === filter) return;
    filter = next;
    changed.fire();
  };
  return {
    order: () => order,
    filter: () => filter,
    onDidChange: changed.event,
    async chooseOrder() {
      const items = RECIPE_ORDERS.map((id) => ({
        id,
        label: LABELS[id],
        ...(id === order && { description: vscode.l10n.t('now') }),
      }));
      const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Sort LoRA recipes by') });
      if (!picked) return;
      order = picked.id;
      await memory.update(KEY, order);
      changed.fire();
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
    dispose: () => changed.dispose(),
  };
}

const KEY = 'recipes.order';

const LABELS: Readonly<Record<RecipeOrder, string>> = {
  file: vscode.l10n.t('File'),
  scaling: vscode.l10n.t('Scaling'),
  rate: vscode.l10n.t('Learning rate'),
};
