import * as vscode from 'vscode';
import { addressOf } from './cells-around';
import type { Comparisons } from './comparison/comparisons';
import type { Chosen } from './comparison/session';
import { pickConfig } from './pick-config';
import { isRecipeNode } from './recipes/nodes';
import type { Inventory } from './scan/inventory';
import { isWorthShowing, networkAtCursor, noConfig, subjectOf } from './subject';

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
  const all: unknown[] = Array.isArray(selected) && selected.length > 1 ? selected.slice(0, 2) : [what];
  const first = await chosenOf(all[0], inventory);
  if (!first) return;
  if (all.length > 1) {
    const second = await chosenOf(all[1], inventory);
    if (second) comparisons.show(first, second);
    return;
  }
  const title = vscode.l10n.t('Compare {0} with…', first.uri.path.slice(first.uri.path.lastIndexOf('/') + 1));
  const second = await pickConfig(inventory, title, first);
  if (second) comparisons.show(first, second);
}

async function chosenOf(what: unknown, inventory: Inventory): Promise<Chosen | undefined> {
  if (isRecipeNode(what)) return { uri: what.uri, network: what.summary.index };
  const document = await subjectOf(what);
  if (document && isWorthShowing(document)) return { uri: addressOf(document), network: networkAtCursor(document) };
  if (what instanceof vscode.Uri) {
    if (document) void vscode.window.showInformationMessage(noConfig(document.uri));
    return undefined;
  }
  return pickConfig(inventory, vscode.l10n.t('Compare which config?'));
}
