import * as vscode from 'vscode';
import { addressOf } from '../documents/cells-around';
import type { Panels } from './panels';
import { pickConfig } from '../recipes/pick-config';
import { isRecipeNode } from '../recipes/recipe-nodes';
import type { Inventory } from '../recipes/scan/inventory';
import { showFile } from '../documents/show-file';
import { isWorthShowing, networkAtCursor, noConfig, subjectOf } from '../documents/subject';

/**
 * "Check alpha equivalence": for the file or recipe the lens, menu or view names, else for the active editor, else for a
 * config the user picks.
 */
export async function check(panels: Panels, inventory: Inventory, what: unknown, network: unknown): Promise<void> {
  if (isRecipeNode(what)) {
    panels.show(what.uri, what.summary.index);
    return;
  }
  const document = await subjectOf(what);
  if (document && isWorthShowing(document)) {
    // A notebook has one panel, whichever of its cells asks.
    panels.show(addressOf(document), typeof network === 'number' ? network : networkAtCursor(document));
    return;
  }
  if (what instanceof vscode.Uri) {
    if (document) void vscode.window.showInformationMessage(noConfig(document.uri));
    return;
  }
  const picked = await pickConfig(inventory, vscode.l10n.t('Which config is to be checked?'));
  if (!picked) return;
  await showFile(picked.uri);
  panels.show(picked.uri, picked.network);
}
