import * as vscode from 'vscode';
import { CONFIG_EXTENSIONS } from '../config/syntax/parse';
import { visible } from '../recipe/visible';
import { numbersLabel } from '../scan/recipe-labels';
import { addressOf } from './documents/cells';
import { COMMANDS } from './ids';
import { inShownOrder, isSame, nodesOf, recipeLabel, recipeList, recipesOf } from './recipes/recipe-list';
import type { Inventory } from './recipes/scan/inventory';
import { noConfig } from './panel/panel-view';
import { configOf, documentOf, networkAtCursor, type Subject } from './subject';

/** A file, and which of its recipes. */
export interface PickedRecipe {
  uri: vscode.Uri;
  network: number;
}

interface RecipeItem extends vscode.QuickPickItem {
  choice: PickedRecipe | 'browse' | 'sample';
}

/**
 * Lets the user pick one of the workspace's recipes, which come in as they are found, or any other file.
 * @param except the recipe that is not offered
 * @returns undefined where nothing was picked
 */
export async function pickConfig(
  inventory: Inventory,
  title: string,
  except?: PickedRecipe,
): Promise<PickedRecipe | undefined> {
  const pick = vscode.window.createQuickPick<RecipeItem>();
  Object.assign(pick, { title, matchOnDescription: true, matchOnDetail: true });
  const draw = (): void => {
    const { isScanning, looked, total } = inventory.progress();
    pick.busy = isScanning;
    pick.placeholder = isScanning
      ? vscode.l10n.t('Looking for LoRA configs: {0} of {1} files', looked, total)
      : vscode.l10n.t('Type to search by name, trainer or number');
    // What was found the last time may be gone.
    if (isScanning && total === 0) return;
    const [active] = pick.activeItems;
    const items = inShownOrder(pick.items, itemsOf(inventory, except));
    const kept = active && items.find((item) => isSame(item, active));
    pick.items = items;
    if (kept) pick.activeItems = [kept];
  };
  const listening = inventory.onDidChange(draw);
  const answered = new Promise<RecipeItem['choice'] | undefined>((resolve) => {
    pick.onDidAccept(() => resolve(pick.selectedItems[0]?.choice));
    pick.onDidHide(() => resolve(undefined));
  });
  void inventory.ensure();
  draw();
  pick.show();
  const choice = await answered;
  listening.dispose();
  pick.dispose();
  if (choice === 'browse') return browse();
  if (choice !== 'sample') return choice;
  await vscode.commands.executeCommand(COMMANDS.openSample);
  return undefined;
}

function itemsOf(inventory: Inventory, except: PickedRecipe | undefined): RecipeItem[] {
  const recipes = recipesOf(nodesOf(recipeList(inventory.files(), inventory.grouper)));
  const items = recipes.map((node): RecipeItem & { choice: PickedRecipe } => ({
    label: recipeLabel(node),
    description: `${numbersLabel(node.summary.recipe)} · ${node.file.trainer}`,
    detail: visible(vscode.workspace.asRelativePath(node.uri)),
    choice: { uri: node.uri, network: node.summary.index },
  }));
  const others = items.filter(
    ({ choice: { uri, network } }) => uri.toString() !== except?.uri.toString() || network !== except.network,
  );
  if (inventory.progress().isScanning) return others;
  const way = (choice: 'browse' | 'sample', label: string, icon: string): RecipeItem => ({
    label,
    iconPath: new vscode.ThemeIcon(icon),
    alwaysShow: true,
    choice,
  });
  const sample = way('sample', vscode.l10n.t('Open the sample workspace…'), 'beaker');
  const browsing = way('browse', vscode.l10n.t('Another file…'), 'folder-opened');
  return [...others, browsing, ...(recipes.length === 0 ? [sample] : [])];
}

async function browse(): Promise<PickedRecipe | undefined> {
  const filters = { [vscode.l10n.t('Configs')]: [...CONFIG_EXTENSIONS] };
  const [uri] = (await vscode.window.showOpenDialog({ canSelectMany: false, filters })) ?? [];
  return uri && { uri, network: 0 };
}

/**
 * The recipe that a command is about: the one it names, the one at the cursor of the file it names or else of the active
 * editor, or one that the user picks.
 * @returns undefined where there is none, which has been said
 */
export async function chosenRecipe(
  inventory: Inventory,
  title: string,
  subject?: Subject,
  network?: number,
): Promise<(PickedRecipe & { isPicked?: true }) | undefined> {
  if (subject?.recipe !== undefined) return { uri: subject.uri, network: subject.recipe };
  const document = await documentOf(subject?.uri);
  const config = document && (await configOf(document));
  // A notebook has one panel, whichever of its cells asks.
  if (config) return { uri: addressOf(document), network: network ?? networkAtCursor(document, config.reading) };
  if (!subject) {
    const picked = await pickConfig(inventory, title);
    return picked && { ...picked, isPicked: true };
  }
  if (document) void vscode.window.showInformationMessage(noConfig(document.uri));
  return undefined;
}
