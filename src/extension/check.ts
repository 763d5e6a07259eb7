import * as vscode from 'vscode';
import type { Panels } from './panel/panels';
import { pickConfig } from './pick-config';
import { isWorthShowing, networkAtCursor, subjectOf } from './subject';

/**
 * "Check alpha equivalence": for the file the lens or menu names, else for the active editor, else for a config
 * the user picks.
 */
export async function check(panels: Panels, uri: unknown, network: unknown): Promise<void> {
  const document = await subjectOf(uri);
  if (document && isWorthShowing(document)) {
    panels.show(document.uri, typeof network === 'number' ? network : networkAtCursor(document));
    return;
  }
  const picked = await pickConfig(document);
  if (!picked) return;
  await vscode.window.showTextDocument(picked);
  panels.show(picked, 0);
}
