import * as vscode from 'vscode';
import { addressOf } from '../documents/cells-around';
import type { Comparisons } from './comparisons';
import type { PickedRecipe } from './comparison-session';
import { pickConfig } from '../recipes/pick-config';
import { isRecipeNode } from '../recipes/recipe-nodes';
import type { Inventory } from '../recipes/scan/inventory';
import { isWorthShowing, networkAtCursor, noConfig, subjectOf } from '../documents/subject';
import { fileNameOf } from '../documents/file-name';

/**
 * "Compare alpha with…": the two files or recipes that are selected, or one of them (else the active editor's) with
 * another that is asked for.
 * @param what the file or recipe the menu was opened on
 * @param selected all that are selected beside it
 */
export async function compareCommand(
  comparisons: Comparisons,
  inventory: Inventory,
  what: unknown,
  selected: unknown,
): Promise<void> {
  // What is drawn anew is missing among the selected for a moment: it is asked for, and nothing else stands in for it.
  const several = (Array.isArray(selected) ? (selected as unknown[]) : []).filter(isSubject);
  const [one = what, other] = several.length > 1 ? several : [what];
  const first = await chosenOf(one, inventory);
  if (!first) return;
  if (other !== undefined) {
    const second = await chosenOf(other, inventory);
    if (second) comparisons.show(first, second);
    return;
  }
  const title = vscode.l10n.t('Compare {0} with…', fileNameOf(first.uri));
  const second = await pickConfig(inventory, title, first);
  if (second) comparisons.show(first, second);
}

/** Whether a menu names a recipe or a file by this. */
function isSubject(what: unknown): boolean {
  return isRecipeNode(what) || what instanceof vscode.Uri;
}

async function chosenOf(what: unknown, inventory: Inventory): Promise<PickedRecipe | undefined> {
  if (isRecipeNode(what)) return { uri: what.uri, network: what.summary.index };
  const document = await subjectOf(what);
  if (document && isWorthShowing(document)) return { uri: addressOf(document), network: networkAtCursor(document) };
  if (what instanceof vscode.Uri) {
    if (document) void vscode.window.showInformationMessage(noConfig(document.uri));
    return undefined;
  }
  return pickConfig(inventory, vscode.l10n.t('Compare which config?'));
}
