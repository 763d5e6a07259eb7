import * as vscode from 'vscode';
import type { Given, Subject } from '../arguments';
import { addressOf } from '../documents/cells-around';
import type { Comparisons } from './comparisons';
import { pickConfig, type PickedRecipe } from '../recipes/pick-config';
import type { Inventory } from '../recipes/scan/inventory';
import { configOf, networkAtCursor, noConfig, documentOf } from '../documents/subject';
import { fileNameOf } from '../documents/file-name';

/**
 * "Compare alpha with…": the two files or recipes that are selected, or one of them (else the active editor's) with
 * another that is asked for.
 */
export async function compareCommand(
  comparisons: Comparisons,
  inventory: Inventory,
  { subject, selected }: Given,
): Promise<void> {
  // What is drawn anew is missing among the selected for a moment: it is asked for, and nothing else stands in for it.
  const [one = subject, other] = selected.length > 1 ? selected : [subject];
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

async function chosenOf(what: Subject | undefined, inventory: Inventory): Promise<PickedRecipe | undefined> {
  if (what?.recipe !== undefined) return { uri: what.uri, network: what.recipe };
  const document = await documentOf(what?.uri);
  const config = document && (await configOf(document));
  if (document && config) return { uri: addressOf(document), network: networkAtCursor(document, config.reading) };
  if (what) {
    if (document) void vscode.window.showInformationMessage(noConfig(document.uri));
    return undefined;
  }
  return pickConfig(inventory, vscode.l10n.t('Compare which config?'));
}
