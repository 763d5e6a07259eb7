import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { applyEdits } from '../../config/write/edits';
import { comparisonHostContract, comparisonPageContract, comparisonState } from '../../messages/comparison';
import type { ComparisonView, KeptSide, Side, WayView } from '../../messages/comparison';
import type { FileView } from '../../messages/panel';
import type { RunWithCurves } from '../../messages/run';
import { turns } from '../../worker/runner';
import { remindOfCode, undoOf } from '../apply/apply-plan';
import { fileNameOf } from '../documents/places';
import { reveal, showFile } from '../documents/show-file';
import { PAGES, SETTINGS } from '../ids';
import { openPage, panelSet } from '../page/open-page';
import { waitingView } from '../panel/panel-view';
import { followFile } from '../panel/follow';
import { ask } from '../questions/ask';
import type { SourceText } from '../questions/read-text';
import type { ComparedSide, ComparedSides } from '../questions/questions';
import type { PickedRecipe } from '../pick-recipe';
import { type RunPanelDeps, createRuns } from '../runs/runs';
import { keptRun, type Experiment } from '../runs/run-state';
import { experimentSettings, onSetting, taskSetting } from '../settings';
import { comparisonViewOf, fileNamesOf } from './comparison-view';
import type { ComparisonPicture, PairTraining, SideContents } from './comparison-view';

interface ComparisonBeginning extends Readonly<Record<Side, PickedRecipe>> {
  run: RunWithCurves | null;
}

/** A file that is followed, and what it last said. */
interface Followed extends vscode.Disposable {
  uri: () => vscode.Uri;
  contents: Omit<SideContents, 'source'> & { source: SourceText | null };
}

/**
 * The host side of a panel that compares two configs. It follows both files, and pushes the whole picture whenever
 * one of them, or what is chosen, changed.
 */
function startComparison(
  { extensionUri, createRunner, previews, log }: RunPanelDeps,
  panel: vscode.WebviewPanel,
  beginning: ComparisonBeginning,
) {
  let picture: ComparisonPicture | null = null;
  let training: PairTraining | null = null;
  let news: { text: string; message: string } | null = null;
  let isOver = false;
  const inTurn = turns();
  const noted = (error: unknown): void => log.error(`comparison: ${String(error)}`);
  const read = new vscode.EventEmitter<void>();
  const changes = new vscode.EventEmitter<void>();
  const contracts = { host: comparisonHostContract, page: comparisonPageContract };
  const page = openPage(panel, { extensionUri, log, shows: 'comparison', ...contracts });
  const next = (): Experiment | null => training?.experiment ?? null;
  const runs = createRuns({ createRunner, page, next, changed: () => changes.fire(), log, kept: beginning.run });
  const follow = ({ uri, network }: PickedRecipe): Followed => {
    const contents: Followed['contents'] = { file: waitingView(uri), source: null, network };
    const onFile = (file: FileView, source: SourceText | null): void => {
      contents.file = file;
      contents.source = source ?? contents.source;
      read.fire();
    };
    const followed = followFile(uri, { onFile, inTurn, noted });
    return { contents, uri: followed.uri, dispose: () => followed.dispose() };
  };
  const sides: Record<Side, Followed> = { first: follow(beginning.first), second: follow(beginning.second) };

  /** What is asked about both texts, without the texts. */
  const both = (): ComparedSides => {
    const textless = ({ contents: { file, network } }: Followed): ComparedSide => ({ file, network });
    return { first: textless(sides.first), second: textless(sides.second) };
  };
  const trainingView = (): ComparisonView['training'] => {
    if (!training) return null;
    const { experiment, ...said } = training;
    const run = runs.current();
    const stale = run.view.state !== 'none' && run.key !== experiment?.key;
    return { ...said, run: { ...run.view, stale } };
  };
  const view = (): ComparisonView => {
    const [first, second] = [sides.first.contents, sides.second.contents];
    const fresh = news && news.text === second.source?.text ? news.message : '';
    return { ...(picture ?? comparisonViewOf(first, second, null, '')), training: trainingView(), news: fresh };
  };
  const kept = ({ uri, contents }: Followed): KeptSide => ({ uri: uri().toString(), network: contents.network });
  const push = (): void => {
    panel.title = titleOf(sides.first.uri(), sides.second.uri());
    const state = { first: kept(sides.first), second: kept(sides.second), run: keptRun(runs.current()) };
    page.notify('view', { view: view(), state });
  };
  const refresh = async (): Promise<void> => {
    const [first, second] = [sides.first.contents.source, sides.second.contents.source];
    const options = { ...experimentSettings(), task: taskSetting() };
    const found = first && second ? await ask('comparison', second, { ...both(), options }, first) : null;
    if (isOver) return;
    picture = found?.picture ?? null;
    training = found?.training ?? null;
    push();
  };
  const refreshInTurn = (): void => void inTurn(refresh).catch(noted);

  const apply = async (id: WayView['id']): Promise<void> => {
    const [first, second] = [sides.first.contents.source, sides.second.contents.source];
    const uri = sides.second.uri();
    const way = first && second ? await ask('way', second, { ...both(), id }, first) : null;
    if (!way || !second) return;
    const { writing, guess } = way;
    if ('refusal' in writing) {
      void vscode.window.showErrorMessage(writing.refusal.message);
      return;
    }
    const after = applyEdits(second.text, writing.edits);
    const what = vscode.l10n.t('the run of {0}', fileNameOf(sides.first.uri()));
    const change = { uri, before: second.text, after, edits: writing.edits, what, remark: guess };
    if (!(await previews.propose(change))) return;
    news = { text: after, message: l10n.t`Written: ${writing.written.join(', ')}. ${undoOf(uri)}` };
    await showFile(uri, true);
    refreshInTurn();
    if (writing.code) void remindOfCode(writing.code);
  };

  page.answer({
    ready: () => {
      runs.pageIsReady();
      push();
      runs.tellAll();
    },
    setNetwork: ({ side, network }) => {
      sides[side].contents.network = network;
      refreshInTurn();
    },
    swap: () => {
      [sides.first, sides.second] = [sides.second, sides.first];
      refreshInTurn();
    },
    apply: ({ way }) => apply(way),
    ...runs.answers,
    run: runs.start,
    reveal: ({ side, place }) => reveal(sides[side].uri(), place ?? { line: 1 }),
  });

  const subscriptions = vscode.Disposable.from(
    read,
    read.event(refreshInTurn),
    changes,
    changes.event(push),
    ...[SETTINGS.backend, SETTINGS.seeds, SETTINGS.task].map((name) => onSetting(name, refreshInTurn)),
    panel.onDidChangeViewState(() => {
      if (!panel.visible) runs.pageIsGone();
    }),
  );

  return {
    uris: () => [sides.first.uri(), sides.second.uri()] as const,
    view,
    choose(first: PickedRecipe, second: PickedRecipe) {
      sides.first.contents.network = first.network;
      sides.second.contents.network = second.network;
      refreshInTurn();
    },
    dispose: () => {
      isOver = true;
      vscode.Disposable.from(sides.first, sides.second, subscriptions).dispose();
      runs.dispose();
      page.dispose('the panel was closed');
    },
  };
}

type ComparisonSession = ReturnType<typeof startComparison>;

/** `LoRA: a.yml ↔ b.yml`; where both have one name, with the folders they are in. */
function titleOf(first: vscode.Uri, second: vscode.Uri): string {
  const names = fileNamesOf(first.path, second.path);
  return `LoRA: ${names.first} ↔ ${names.second}`;
}

export interface Comparisons extends vscode.Disposable {
  show(first: PickedRecipe, second: PickedRecipe): void;
  restore(panel: vscode.WebviewPanel, state: unknown): void;
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
