import * as v from 'valibot';
import * as vscode from 'vscode';
import { comparisonState, type KeptSide } from '../../messages/comparison';
import { PAGES } from '../ids';
import { panelSet } from '../page/panel-set';
import type { PickedRecipe } from '../recipes/pick-config';
import type { RunPanelDeps } from '../runs/run-panel-deps';
import { startComparison, titleOf, type ComparisonBeginning, type ComparisonSession } from './comparison-session';

export interface Comparisons extends vscode.Disposable {
  /** Opens the comparison of two configs, or shows the one there is. */
  show(first: PickedRecipe, second: PickedRecipe): void;
  /** Brings a comparison back after a reload, with what its page kept. */
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  /** The one that was shown last. For tests. */
  latest(): ComparisonSession | undefined;
}

/** All panels that compare: at most one a pair of files. */
export function createComparisons(deps: RunPanelDeps): Comparisons {
  const panels = panelSet(PAGES.comparison, deps, (panel, beginning: ComparisonBeginning) =>
    startComparison(deps, panel, beginning),
  );
  return {
    show(first, second) {
      const isShown = panels.reveal(
        (session) => {
          const [mine, other] = session.uris();
          return mine.toString() === first.uri.toString() && other.toString() === second.uri.toString();
        },
        (session) => session.choose(first, second),
      );
      if (isShown) return;
      panels.open(titleOf(first.uri, second.uri), vscode.ViewColumn.Active, { first, second, run: null });
    },
    restore(panel, state) {
      const kept = v.safeParse(comparisonState, state);
      if (!kept.success) return panels.restore(panel, null);
      const chosen = ({ uri, network }: KeptSide): PickedRecipe => ({ uri: vscode.Uri.parse(uri), network });
      const { first, second, run } = kept.output;
      panels.restore(panel, { first: chosen(first), second: chosen(second), run });
    },
    latest: panels.latest,
    dispose: panels.dispose,
  };
}
