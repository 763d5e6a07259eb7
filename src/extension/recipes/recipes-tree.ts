import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { fieldLabel } from '../../recipe/field-names';
import { numberLabel, scalingEquation } from '../../recipe/notation';
import { visible } from '../../recipe/visible';
import { decidingLabel, rateOfA } from '../../scan/recipe-labels';
import { plain } from '../hover/markdown';
import { FILTERED_CONTEXT, RECIPES_VIEW, SCANNING_CONTEXT } from '../ids';
import { nodesOf, RECIPE_ORDERS, recipeLabel, recipeList, runOf } from './recipe-list';
import type { BrokenNode, GroupNode, Node, RecipeNode, RecipeOrder } from './recipe-list';
import type { Inventory } from './scan/inventory';

/** The view and the event that redraws it. The rest is loaded when the view is first shown. */
export interface RecipesTreeView {
  view: vscode.TreeView<Node>;
  changed: vscode.EventEmitter<undefined>;
}

/** What the view asks for, which is registered before anything is loaded, and how it is sorted and filtered. */
export type RecipesTree = ReturnType<typeof recipesTree>;

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
export function recipesTree(inventory: Inventory, memory: vscode.Memento, { view, changed }: RecipesTreeView) {
  const kept = memory.get<string>(ORDER_KEY);
  let order = RECIPE_ORDERS.find((known) => known === kept) ?? 'file';
  let filter = '';
  let nodes: Node[] | null = null;
  /** Ends the bar below the view's title; null while nothing is looked for. */
  let endBar: (() => void) | null = null;

  const redraw = (): void => {
    nodes = null;
    changed.fire(undefined);
  };
  const setContext = (key: string, is: boolean): void => void vscode.commands.executeCommand('setContext', key, is);
  const show = (): void => {
    const { isScanning } = inventory.progress();
    view.message = messageOf(inventory);
    if (isScanning !== (endBar !== null)) {
      setContext(SCANNING_CONTEXT, isScanning);
      endBar?.();
      endBar = null;
      const ended = isScanning && new Promise<void>((resolve) => (endBar = resolve));
      if (ended) void vscode.window.withProgress({ location: { viewId: RECIPES_VIEW } }, () => ended);
    }
    redraw();
  };
  const setFilter = (next: string): void => {
    if (next === filter) return;
    filter = next;
    view.description = filter === '' ? '' : `“${filter}”`;
    setContext(FILTERED_CONTEXT, filter !== '');
    redraw();
  };

  const subscriptions = vscode.Disposable.from(
    inventory.onDidChange(show),
    view.onDidChangeVisibility(({ visible }) => inventory.setWatched('view', visible)),
  );
  inventory.setWatched('view', view.visible);

  return {
    children(node: Node | undefined): Node[] {
      if (node) return node.kind === 'group' ? [...node.recipes] : [];
      // The first look starts the scan; what it finds comes in as it is found.
      if (!inventory.progress().wasStopped) void inventory.ensure();
      return (nodes ??= nodesOf(recipeList(inventory.files(), inventory.grouper, filter), order));
    },
    item: itemOf,
    /** What a node says when the mouse rests on it; many are drawn, and few looked at so closely. */
    resolve(item: vscode.TreeItem, node: Node): vscode.TreeItem {
      if (node.kind === 'recipe') item.tooltip = tooltipOf(node);
      return item;
    },
    parent: (node: Node): Node | undefined => (node.kind === 'recipe' ? node.group : undefined),
    async chooseOrder(): Promise<void> {
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
    /** Lets the user type a filter, which the list follows; Escape takes it back. */
    async askFilter(): Promise<void> {
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
    clearFilter: (): void => setFilter(''),
    dispose(): void {
      endBar?.();
      subscriptions.dispose();
    },
  };
}

function messageOf(inventory: Inventory): string {
  const { isScanning, looked, total, hitLimit, wasStopped } = inventory.progress();
  if (isScanning) return total > 0 ? vscode.l10n.t('Looked into {0} of {1} files', looked, total) : '';
  if (wasStopped) return vscode.l10n.t('Stopped after {0} of {1} files. Refresh to go on.', looked, total);
  if (hitLimit) return vscode.l10n.t('Only the first {0} files were looked into (loraAlpha.recipes.maxFiles).', total);
  return '';
}

function itemOf(node: Node): vscode.TreeItem {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const drawn = node.kind === 'group' ? groupItem(node) : node.kind === 'recipe' ? recipeItem(node) : brokenItem(node);
  const item = new vscode.TreeItem('', node.kind === 'group' ? Expanded : None);
  return Object.assign(item, drawn, { contextValue: node.kind });
}

function groupItem(group: GroupNode): Partial<vscode.TreeItem> {
  const { letter, why, isOpen } = runOf(group);
  return {
    label: isOpen ? vscode.l10n.t('Same run {0} for what was read', letter) : vscode.l10n.t('Same run {0}', letter),
    id: `group:${group.recipes[0]?.id ?? ''}`,
    description: `${why} (${group.recipes.length})`,
    iconPath: new vscode.ThemeIcon('layers'),
    tooltip: vscode.l10n.t(
      'Their signatures agree: whatever alpha they have, they train the same, if the model, the data and the seed are the same.',
    ),
  };
}

function recipeItem(node: RecipeNode): Partial<vscode.TreeItem> {
  const { id, uri, name, file, summary } = node;
  const { recipe } = summary;
  const open = file.notUnderstood === null ? '' : ` · ${vscode.l10n.t('not all understood')}`;
  const rate = rateOfA(recipe);
  const first = rate === null ? '' : l10n.t`learning rate ${numberLabel(rate)}, `;
  const spoken = l10n.t`${first}scaling ${numberLabel(recipe.scaling)}, alpha ${numberLabel(recipe.alpha)}, rank ${recipe.rank}`;
  return {
    label: recipeLabel(node),
    id,
    description: `${decidingLabel(recipe)} · ${file.trainer}${open}`,
    resourceUri: uri,
    iconPath: new vscode.ThemeIcon('file'),
    command: openCommand(uri, summary.place?.line),
    accessibilityInformation: { label: `${name}, ${file.trainer}, ${spoken}` },
  };
}

function brokenItem({ uri, name, file: { error } }: BrokenNode): Partial<vscode.TreeItem> {
  return {
    label: name,
    id: `broken:${uri.toString()}`,
    description: vscode.l10n.t('has an error'),
    tooltip: error?.message ?? '',
    iconPath: new vscode.ThemeIcon('warning'),
    command: openCommand(uri, error?.place?.line),
  };
}

function openCommand(uri: vscode.Uri, line = 1): vscode.Command {
  const start = new vscode.Position(line - 1, 0);
  const options: vscode.TextDocumentShowOptions = { selection: new vscode.Range(start, start) };
  return { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri, options] };
}

function tooltipOf({ uri, file, summary: { recipe, isGuess } }: RecipeNode): vscode.MarkdownString {
  const number = (value: number | null): string | null => (value === null ? null : numberLabel(value));
  const rows: [string, string | null][] = [
    [fieldLabel('scaling'), `s = ${scalingEquation(recipe)}`],
    [fieldLabel('learningRate'), number(recipe.learningRate)],
    [fieldLabel('loraplusLrRatio'), number(recipe.loraplusLrRatio)],
    [fieldLabel('optimizer'), recipe.optimizer.name],
    [fieldLabel('init'), recipe.init],
  ];
  const text = new vscode.MarkdownString();
  text.appendText(visible(vscode.workspace.asRelativePath(uri))).appendMarkdown('\n\n');
  // A recipe may be a guess in a file of a known trainer.
  const trainer = isGuess ? vscode.l10n.t('a home-made config (a guess)') : file.trainer;
  if (file.notUnderstood !== null) text.appendText(file.notUnderstood).appendMarkdown('\n\n');
  text.appendText(trainer).appendMarkdown('\n\n| | |\n|-|-|\n');
  for (const [name, value] of rows) if (value !== null) text.appendMarkdown(`| ${name} | ${plain(value)} |\n`);
  return text;
}
