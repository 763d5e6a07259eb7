import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { applyEdits } from '../../config/write/edits';
import { comparisonHostContract, comparisonPageContract, comparisonState } from '../../messages/comparison';
import type { ComparisonView, KeptSide, Side, WayView } from '../../messages/comparison';
import type { FileView } from '../../messages/panel';
import type { RunWithCurves } from '../../messages/run';
import { turns } from '../../worker/runner';
import { undoOf } from '../apply/apply-plan';
import type { KeptChanges } from '../apply/kept-changes';
import { reveal, showFile } from '../documents/files';
import { fileNameOf } from '../documents/places';
import { PAGES, SETTINGS } from '../ids';
import { type RunPanelDeps, openPage, panelSet } from '../page/open-page';
import { followFile } from '../panel/follow';
import { waitingView } from '../panel/panel-view';
import type { PickedRecipe } from '../pick-recipe';
import { ask } from '../questions/ask';
import type { Answer, Asked, ComparedSide, ComparedSides } from '../questions/questions';
import type { SourceText } from '../questions/read-text';
import { refuse } from '../refuse';
import { createRuns } from '../runs/runs';
import { experimentSettings, onSetting, taskSetting } from '../settings';
import { comparisonViewOf, fileNamesOf } from './comparison-view';

interface ComparisonDeps extends RunPanelDeps {
  kept: KeptChanges;
  showPanel: (uri: vscode.Uri, network: number) => void;
}

interface ComparisonBeginning extends Readonly<Record<Side, PickedRecipe>> {
  run: RunWithCurves | null;
}

/**
 * The host side of a panel that compares two configs. It follows both files, and pushes the whole picture whenever
 * one of them, or what is chosen, changed.
 */
function startComparison(
  { extensionUri, createRunner, previews, log, kept, showPanel }: ComparisonDeps,
  panel: vscode.WebviewPanel,
  beginning: ComparisonBeginning,
) {
  let shown: Answer<'comparison'> | null = null;
  let news: { text: string; message: string } | null = null;
  let isOver = false;
  const inTurn = turns();
  const noted = (error: unknown): void => log.error(`comparison: ${String(error)}`);
  const contracts = { host: comparisonHostContract, page: comparisonPageContract };
  const page = openPage(panel, { extensionUri, log, shows: 'comparison', ...contracts });

  /** A file that is followed, and what it last said. */
  const follow = ({ uri, network }: PickedRecipe) => {
    const contents = { file: waitingView(uri), source: null as SourceText | null, network };
    const onFile = (file: FileView, source: SourceText | null): void => {
      contents.file = file;
      contents.source = source ?? contents.source;
      refresh();
    };
    return { contents, ...followFile(uri, { onFile, inTurn, noted }) };
  };
  const sides = { first: follow(beginning.first), second: follow(beginning.second) };

  /** Asks about both texts; null while one of them was never read. */
  const askBoth = async <Id extends 'comparison' | 'way'>(
    id: Id,
    asked: (both: ComparedSides) => Asked<Id>,
  ): Promise<Answer<Id> | null> => {
    const [first, second] = [sides.first.contents, sides.second.contents];
    if (!first.source || !second.source) return null;
    const textless = ({ file, network }: typeof first): ComparedSide => ({ file, network });
    return ask(id, second.source, asked({ first: textless(first), second: textless(second) }), first.source);
  };
  const trainingView = (): ComparisonView['training'] => {
    if (!shown?.training) return null;
    const { experiment, ...said } = shown.training;
    return { ...said, run: runs.view(experiment?.key) };
  };
  const view = (): ComparisonView => {
    const [first, second] = [sides.first.contents, sides.second.contents];
    const picture = shown?.picture ?? comparisonViewOf(first, second, null, '');
    const fresh = news && news.text === second.source?.text ? news.message : '';
    return { ...picture, training: trainingView(), news: fresh };
  };
  const push = (): void => {
    if (isOver) return;
    panel.title = titleOf(sides.first.uri(), sides.second.uri());
    const stateOf = ({ uri, contents }: typeof sides.first): KeptSide => ({
      uri: uri().toString(),
      network: contents.network,
    });
    const state = { first: stateOf(sides.first), second: stateOf(sides.second), run: runs.kept() };
    page.notify('view', { view: view(), state });
  };
  const refresh = (): void =>
    void inTurn(async () => {
      const options = { ...experimentSettings(), task: taskSetting() };
      shown = await askBoth('comparison', (both) => ({ ...both, options }));
      push();
    }).catch(noted);
  const next = () => shown?.training?.experiment ?? null;
  const runs = createRuns({ createRunner, page, next, changed: push, log, kept: beginning.run });

  const apply = async (id: WayView['id']): Promise<void> => {
    const uri = sides.second.uri();
    const before = sides.second.contents.source?.text;
    const way = await askBoth('way', (both) => ({ ...both, id }));
    if (!way || before === undefined) return;
    const { writing, guess: remark } = way;
    if ('refusal' in writing) return refuse(writing.refusal.message);
    const { edits, written, ...left } = writing;
    const after = applyEdits(before, edits);
    const what = vscode.l10n.t('the run of {0}', fileNameOf(sides.first.uri()));
    if (!(await previews.propose({ uri, before, after, edits, what, remark }))) return;
    news = { text: after, message: l10n.t`Applied: ${written.join(', ')}. ${undoOf(uri)}` };
    await showFile(uri, true);
    refresh();
    if (left.code === null) return;
    // The panel has the list of what is still to be done.
    const { network } = sides.second.contents;
    const now = { network, outside: '', isCodePlaced: false, isNamed: false };
    kept.keep(uri, { what, steps: [{ before, edits }], ...left, ...now });
    showPanel(uri, network);
  };

  page.answer({
    ready: runs.pageIsReady,
    setNetwork: ({ side, network }) => {
      sides[side].contents.network = network;
      refresh();
    },
    swap: () => {
      [sides.first, sides.second] = [sides.second, sides.first];
      refresh();
    },
    apply: ({ way }) => apply(way),
    ...runs.answers,
    run: runs.start,
    reveal: ({ side, place }) => reveal(sides[side].uri(), place ?? { line: 1 }),
  });

  const subscriptions = vscode.Disposable.from(
    ...[SETTINGS.backend, SETTINGS.seeds, SETTINGS.task].map((name) => onSetting(name, refresh)),
    panel.onDidChangeViewState(() => {
      if (!panel.visible) runs.pageIsGone();
    }),
  );

  return {
    isAbout: (first: vscode.Uri, second: vscode.Uri): boolean =>
      sides.first.uri().toString() === first.toString() && sides.second.uri().toString() === second.toString(),
    view,
    choose(first: PickedRecipe, second: PickedRecipe): void {
      sides.first.contents.network = first.network;
      sides.second.contents.network = second.network;
      refresh();
    },
    dispose: () => {
      isOver = true;
      vscode.Disposable.from(sides.first, sides.second, subscriptions).dispose();
      runs.dispose();
      page.dispose('the panel was closed');
    },
  };
}

/** `LoRA: a.yml ↔ b.yml`; where both have one name, with the folders they are in. */
function titleOf(first: vscode.Uri, second: vscode.Uri): string {
  const names = fileNamesOf(first.path, second.path);
  return `LoRA: ${names.first} ↔ ${names.second}`;
}

export type Comparisons = ReturnType<typeof createComparisons>;

/** All panels that compare: at most one a pair of files. */
export function createComparisons(deps: ComparisonDeps) {
  const panels = panelSet(PAGES.comparison, deps, (panel, beginning: ComparisonBeginning) =>
    startComparison(deps, panel, beginning),
  );
  return {
    show(first: PickedRecipe, second: PickedRecipe): void {
      const isShown = panels.reveal(
        ({ isAbout }) => isAbout(first.uri, second.uri),
        (session) => session.choose(first, second),
      );
      if (isShown) return;
      panels.open(titleOf(first.uri, second.uri), vscode.ViewColumn.Active, { first, second, run: null });
    },
    restore(panel: vscode.WebviewPanel, state: unknown): void {
      const { success, output } = v.safeParse(comparisonState, state);
      if (!success) return panels.restore(panel, null);
      const chosen = ({ uri, network }: KeptSide): PickedRecipe => ({ uri: vscode.Uri.parse(uri), network });
      panels.restore(panel, { first: chosen(output.first), second: chosen(output.second), run: output.run });
    },
    latest: panels.latest,
    dispose: panels.dispose,
  };
}
