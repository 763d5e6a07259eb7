import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { applyEdits } from '../../config/write/edits';
import {
  comparisonHostContract,
  comparisonPageContract,
  type KeptSide,
  type ComparisonView,
  type Side,
  type WayView,
} from '../../messages/comparison';
import type { RunWithCurves } from '../../messages/run';
import { ask } from '../questions/ask';
import { isConfigDocument, sourceOf } from '../documents/read-document';
import type { SourceText } from '../questions/read-text';
import { undoOf } from '../apply/apply-plan';
import { remindOfCode } from '../apply/place-code';
import { fileViewOf, goneView, unreadView, waitingView } from '../panel/file-view';
import { followFile } from '../panel/follow';
import { openPage } from '../page/open-page';
import { turns, type Turns } from '../../worker/turns';
import type { RunPanelDeps } from '../runs/run-panel-deps';
import { createRuns } from '../runs/runs';
import { copyText } from '../page/hand-over';
import { keptRun } from '../runs/run-state';
import { SETTINGS } from '../ids';
import { experimentSettings, onSetting, taskSetting } from '../settings';
import type { ComparedSide, ComparedSides } from '../questions/questions';
import { reveal, showFile } from '../documents/show-file';
import { comparisonViewOf, fileNamesOf, type ComparisonPicture, type SideContents } from './comparison-view';
import type { PickedRecipe } from '../recipes/pick-config';
import type { PairTraining } from './training';
import { fileNameOf } from '../documents/file-name';

/** What a comparison begins with: two recipes, and the run that an earlier one kept. */
export interface ComparisonBeginning extends Readonly<Record<Side, PickedRecipe>> {
  run: RunWithCurves | null;
}

export interface ComparisonSession extends vscode.Disposable {
  uris: () => readonly [first: vscode.Uri, second: vscode.Uri];
  view: () => ComparisonView;
  choose(first: PickedRecipe, second: PickedRecipe): void;
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
export function startComparison(
  { extensionUri, createRunner, previews, log }: RunPanelDeps,
  panel: vscode.WebviewPanel,
  beginning: ComparisonBeginning,
): ComparisonSession {
  let picture: ComparisonPicture | null = null;
  let training: PairTraining | null = null;
  let news: { text: string; message: string } | null = null;
  let isOver = false;
  const inTurn = turns();
  const noted = (error: unknown): void => log.error(`comparison: ${String(error)}`);
  const read = new vscode.EventEmitter<void>();
  const changes = new vscode.EventEmitter<void>();
  const page = openPage(panel, {
    extensionUri,
    shows: 'comparison',
    host: comparisonHostContract,
    page: comparisonPageContract,
    onFault: (fault) => log.error(`messages: ${fault}`),
  });
  const runs = createRuns({
    createRunner,
    page,
    next: () => training?.experiment ?? null,
    changed: () => changes.fire(),
    log,
    kept: beginning.run,
  });
  const follow = (recipe: PickedRecipe): Followed => followRecipe(recipe, inTurn, () => read.fire(), noted);
  const sides: Record<Side, Followed> = { first: follow(beginning.first), second: follow(beginning.second) };

  const textless = ({ contents: { file, network } }: Followed): ComparedSide => ({ file, network });
  const both = (): ComparedSides => ({ first: textless(sides.first), second: textless(sides.second) });
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
  const kept = ({ uri, contents }: Followed): KeptSide => ({
    uri: uri().toString(),
    network: contents.network,
  });
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
    copy: copyText,
    reveal: ({ side, place }) => reveal(sides[side].uri(), place ?? { line: 1 }),
    fault: ({ message }) => log.error(`comparison: ${message}`),
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
    uris: () => [sides.first.uri(), sides.second.uri()],
    view,
    choose(first, second) {
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

/** @param changed is called when the file says something else, or cannot be opened any more */
function followRecipe(
  { uri, network }: PickedRecipe,
  inTurn: Turns,
  changed: () => void,
  noted: (error: unknown) => void,
): Followed {
  const contents: Followed['contents'] = { file: waitingView(uri), source: null, network };
  const followed = followFile(uri, {
    async onDocument(document, uri) {
      const present = await sourceOf(document).catch((error: unknown) => {
        noted(error);
        contents.file = unreadView(uri, error);
        return null;
      });
      if (present) contents.file = fileViewOf(uri, present.reading, isConfigDocument(document));
      if (present && contents.file.state === 'ok') contents.source = present;
      changed();
    },
    onGone(uri) {
      contents.file = goneView(uri);
      changed();
      return Promise.resolve();
    },
    inTurn,
    noted,
  });
  return { uri: followed.uri, contents, dispose: () => followed.dispose() };
}

/** `LoRA: a.yml ↔ b.yml`; where both have one name, with the folders they are in. */
export function titleOf(first: vscode.Uri, second: vscode.Uri): string {
  const names = fileNamesOf(first.path, second.path);
  return `LoRA: ${names.first} ↔ ${names.second}`;
}
