import * as v from 'valibot';
import * as vscode from 'vscode';
import { comparisonState, type KeptSide } from '../../messages/comparison';
import { PAGES } from '../ids';
import { pageOptions } from '../page/open-page';
import type { PickedRecipe } from '../recipes/pick-config';
import {
  startComparison,
  titleOf,
  type ComparisonBeginning,
  type ComparisonDeps,
  type ComparisonSession,
} from './comparison-session';

export interface Comparisons extends vscode.Disposable {
  /** Opens the comparison of two configs, or shows the one there is. */
  show(first: PickedRecipe, second: PickedRecipe): void;
  /** Brings a comparison back after a reload, with what its page kept. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  /** The one that was shown last. For tests. */
  latest(): ComparisonSession | undefined;
}

/** All panels that compare: at most one a pair of files. */
export function createComparisons(deps: ComparisonDeps): Comparisons {
  const open = new Map<vscode.WebviewPanel, ComparisonSession>();
  let latest: ComparisonSession | undefined;

  const adopt = (panel: vscode.WebviewPanel, beginning: ComparisonBeginning): void => {
    const session = startComparison(deps, panel, beginning);
    latest = session;
    open.set(panel, session);
    panel.onDidDispose(() => {
      open.delete(panel);
      session.dispose();
    });
  };
  const isOf = (session: ComparisonSession, first: PickedRecipe, second: PickedRecipe): boolean => {
    const [mine, other] = session.uris();
    return mine.toString() === first.uri.toString() && other.toString() === second.uri.toString();
  };

  return {
    show(first, second) {
      for (const [panel, session] of open) {
        if (!isOf(session, first, second)) continue;
        latest = session;
        session.choose(first, second);
        panel.reveal(undefined, false);
        return;
      }
      const panel = vscode.window.createWebviewPanel(
        PAGES.comparison,
        titleOf(first.uri, second.uri),
        { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
        pageOptions(deps.extensionUri),
      );
      panel.iconPath = vscode.Uri.joinPath(deps.extensionUri, 'media', 'icon.png');
      adopt(panel, { first, second, run: null });
    },
    restore(panel, state) {
      panel.webview.options = pageOptions(deps.extensionUri);
      const kept = v.safeParse(comparisonState, state);
      if (!kept.success) {
        deps.log.warn('a comparison could not be brought back: what it kept does not fit this version');
        panel.dispose();
        return;
      }
      const chosen = ({ uri, network }: KeptSide): PickedRecipe => ({ uri: vscode.Uri.parse(uri), network });
      const { first, second, run } = kept.output;
      adopt(panel, { first: chosen(first), second: chosen(second), run });
    },
    latest: () => latest,
    dispose: () => {
      for (const panel of [...open.keys()]) panel.dispose();
    },
  };
}
