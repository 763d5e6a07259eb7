import * as vscode from 'vscode';
import type { Given } from '../arguments';
import { addressOf } from '../documents/cells-around';
import type { Panels } from './panels';
import { pickConfig } from '../recipes/pick-config';
import type { Inventory } from '../recipes/scan/inventory';
import { showFile } from '../documents/show-file';
import { configOf, networkAtCursor, noConfig, documentOf } from '../documents/subject';

/**
 * "Check alpha equivalence": for the file or recipe the lens, menu or view names, else for the active editor, else for a
 * config the user picks.
 */
export async function check(panels: Panels, inventory: Inventory, { subject, network }: Given): Promise<void> {
  if (subject?.recipe !== undefined) {
    panels.show(subject.uri, subject.recipe);
    return;
  }
  const document = await documentOf(subject?.uri);
  const config = document && (await configOf(document));
  if (document && config) {
    // A notebook has one panel, whichever of its cells asks.
    panels.show(addressOf(document), network ?? networkAtCursor(document, config.reading));
    return;
  }
  if (subject) {
    if (document) void vscode.window.showInformationMessage(noConfig(document.uri));
    return;
  }
  const picked = await pickConfig(inventory, vscode.l10n.t('Which config is to be checked?'));
  if (!picked) return;
  await showFile(picked.uri);
  panels.show(picked.uri, picked.network);
}
