import * as vscode from 'vscode';
import { hostContract, pageContract, type PanelState, type PanelView, type TargetChoice } from '../../messages/panel';
import type { KillableRunner } from '../../worker/thread-runner';
import { ask } from '../questions/ask';
import { isConfigDocument, sourceOf } from '../documents/read-document';
import { exportCheck, type OnResults } from '../export/export-check';
import { keptResults, pickResultsFile, savedAt, type ResultsFile } from '../export/results-file';
import { openRules } from '../explanations/open-rules';
import { SETTINGS } from '../ids';
import { experimentSettings, onSetting, runOnChangeSetting, taskSetting } from '../settings';
import { fileNameOf } from '../documents/file-name';
import { reveal } from '../documents/show-file';
import { planWriter } from './plan-writer';
import { fileViewOf, goneView, unreadView, waitingView } from './file-view';
import { followFile } from './follow';
import { firstTarget } from '../best-plan';
import { recipeOf, type PanelChoice, type Outlook } from './outlook';
import type { SourceText } from '../questions/read-text';
import { openedResults, subjectOf } from './opened-results';
import { openPage } from '../page/open-page';
import type { Previews } from '../apply/preview';
import { createRuns } from '../runs/runs';
import { copyText } from '../page/copy-text';
import { runHandlers } from '../runs/run-handlers';
import { turns } from '../../worker/turns';
import { keptRun } from '../runs/run-state';
import { saveExport } from './save';
import { viewOf, type FileView } from './panel-view';

export interface SessionDeps {
  extensionUri: vscode.Uri;
  /** Null where the extension host has no threads: then the page trains. */
  createRunner: (() => KillableRunner) | null;
  previews: Previews;
  log: vscode.LogOutputChannel;
  /** A check of this config was run and wrote results. */
  onResults: OnResults;
}

/** One panel and the file it follows. */
export interface Session extends vscode.Disposable {
  uri: () => vscode.Uri;
  view: () => PanelView;
  /** Show this network of the file. */
  choose(network: number): void;
  /** Opens results of a PyTorch check in the panel. */
  openResults(file: ResultsFile): void;
  killWorker(): boolean;
}

/** What a panel begins with: a file and a network, or all that an earlier one kept. */
export interface Beginning {
  uri: vscode.Uri;
  network: number;
  kept: PanelState | null;
}

/** Typing pauses this long before the curves are drawn anew. */
const SETTLE_MS = 400;

/**
 * The panel's host side. It owns what is true (the text, the choice, the run) and pushes the whole picture to
 * the page whenever something changed; the page only draws.
 */
export function startSession(deps: SessionDeps, panel: vscode.WebviewPanel, beginning: Beginning): Session {
  let uri = beginning.uri;
  let file: FileView = waitingView(uri);
  let source: SourceText | null = null;
  let outlook: Outlook | null = null;
  let choice: PanelChoice = {
    network: beginning.network,
    target: beginning.kept?.target ?? { alpha: 1 },
    plan: beginning.kept?.plan ?? 'symmetric',
    task: beginning.kept?.task ?? taskSetting(),
  };
  // Until a plan was shown, the target is one that fits the recipe.
  let untouched = beginning.kept === null;
  let settling: ReturnType<typeof setTimeout> | undefined;
  // The state of the file that came last: of those that wait for their turn, no other is read.
  let latest: object = {};
  let isOver = false;
  const inTurn = turns();
  const noted = (error: unknown): void => deps.log.error(`panel: ${String(error)}`);

  const view = (): PanelView => {
    const run = runs.current();
    const stale = run.view.state !== 'none' && run.key !== outlook?.experiment?.key;
    return viewOf({
      file,
      source,
      choice,
      outlook,
      run: { ...run.view, stale },
      results: results.view(subjectOf(outlook, fileNameOf(uri)), source?.text),
      measured: stale ? {} : run.measured,
      ...writing.view(outlook),
    });
  };
  const state = (): PanelState => ({
    uri: uri.toString(),
    network: choice.network,
    target: choice.target,
    plan: choice.plan,
    task: choice.task,
    run: keptRun(runs.current()),
    results: results.state(),
  });
  const push = (): void => {
    // Before the first text there is nothing that a page could draw.
    if (source || file.state !== 'ok') page.notify('view', { view: view(), state: state() });
  };

  /**
   * Takes a choice for the present text; curves follow at once, or when typing has paused.
   * @throws Error for an alpha that cannot be; everything stays as it was
   */
  const refresh = async (
    delay: number,
    change: Partial<PanelChoice> = {},
    news: { file: FileView; source: SourceText | null } = { file, source },
  ): Promise<void> => {
    const next = { ...choice, ...change };
    const found = news.source
      ? await ask('outlook', news.source, { choice: next, options: experimentSettings() })
      : null;
    if (isOver) return;
    if (typeof found === 'string') throw new Error(found);
    // Text and outlook change together: what is written belongs to the text it was planned for.
    ({ file, source } = news);
    outlook = found;
    choice = next;
    push();
    clearTimeout(settling);
    settling = undefined;
    const key = outlook?.experiment?.key;
    if (file.state !== 'ok' || !key || key === runs.current().key) return;
    if (runs.current().view.state === 'none') runs.start();
    else if (runOnChangeSetting()) settling = setTimeout(runs.start, delay);
  };

  const choose = (change: Partial<PanelChoice>): Promise<void> => inTurn(() => refresh(SETTLE_MS, change));
  const refreshNow = (): void => void inTurn(() => refresh(0)).catch(noted);

  const onDocument = (document: vscode.TextDocument): void => {
    const mine = (latest = {});
    void inTurn(() => (mine === latest ? take(document) : Promise.resolve())).catch(noted);
  };
  const take = async (document: vscode.TextDocument): Promise<void> => {
    const present = await sourceOf(document).catch((error: unknown) => {
      noted(error);
      return unreadView(uri, error);
    });
    if (!('reading' in present)) return refresh(SETTLE_MS, {}, { file: present, source });
    const news = fileViewOf(uri, present.reading, isConfigDocument(document));
    if (news.state !== 'ok') return refresh(SETTLE_MS, {}, { file: news, source });
    const recipe = recipeOf(present, choice);
    const first = recipe && untouched ? { target: firstTarget(recipe) } : {};
    untouched = false;
    try {
      await refresh(SETTLE_MS, first, { file: news, source: present });
    } catch (error) {
      untouched = 'target' in first;
      // A number that no plan can start from: the last good state stays, and the page says why.
      const message = error instanceof Error ? error.message : String(error);
      await refresh(SETTLE_MS, {}, { file: { ...news, state: 'broken', message }, source });
    }
  };

  const page = openPage(panel, {
    extensionUri: deps.extensionUri,
    shows: 'panel',
    host: hostContract,
    handlers: {
      ready: () => {
        runs.pageIsReady();
        push();
        runs.tellAll();
        results.tellAll();
      },
      setTarget: (target) => choose({ target }),
      setPlan: ({ plan }) => choose({ plan }),
      setTask: ({ task }) => choose({ task }),
      setNetwork: ({ network }) => chooseNetwork(network),
      ...runHandlers(() => runs, deps.log),
      run: () => {
        // Whoever starts a run wants to see it.
        results.show(false);
        runs.start();
      },
      apply: async (target) => {
        // The field may have moved on since this view was pushed.
        if (!source || !outlook?.plan || !isSameTarget(target, choice.target)) return;
        const { network, plan } = outlook;
        await writing.apply({ source, network, target, plan });
      },
      exportCheck: async (target) => {
        if (!source || !outlook?.plan || !isSameTarget(target, choice.target)) return;
        const { network, plan } = outlook;
        await exportCheck({ uri, source, network, target, plan: plan.id }, deps.onResults);
      },
      openResults: async () => {
        const file = await pickResultsFile(uri);
        if (file) results.open(file);
      },
      showResults: ({ isShown }) => results.show(isShown),
      answer: ({ write }) => writing.answer(write),
      undo: () => writing.undo(),
      placeCode: ({ into }) => writing.placeCode(into),
      copy: copyText,
      save: (exported) => saveExport(exported, uri, choice.target.alpha),
      openRules: () => openRules(deps.extensionUri),
      reveal: (place) => reveal(uri, place),
      fault: ({ message }) => deps.log.error(`panel: ${message}`),
    },
    page: pageContract,
    onFault: (fault) => deps.log.error(`messages: ${fault}`),
  });

  const writing = planWriter({ uri: () => uri, previews: deps.previews, changed: push });

  const runs = createRuns({
    createRunner: deps.createRunner,
    page: () => page,
    next: () => outlook?.experiment ?? null,
    changed: push,
    log: deps.log,
    kept: beginning.kept?.run ?? null,
  });

  const results = openedResults({
    page: () => page,
    read: (address) => keptResults(vscode.Uri.parse(address), deps.log),
    saved: () => savedAt(uri),
    changed: push,
    kept: beginning.kept?.results ?? null,
  });

  const chooseNetwork = async (network: number): Promise<void> => {
    const recipe = source?.reading.recipes[network];
    if (recipe) await choose({ network, target: firstTarget(recipe) });
  };

  const subscriptions = vscode.Disposable.from(
    followFile(uri, {
      onDocument,
      onMoved: (to) => {
        uri = to;
      },
      onGone: () => {
        latest = {};
        void inTurn(() => {
          file = goneView(uri);
          push();
          return Promise.resolve();
        }).catch(noted);
      },
    }),
    ...[SETTINGS.backend, SETTINGS.seeds].map((name) => onSetting(name, refreshNow)),
    panel.onDidChangeViewState(() => {
      if (!panel.visible) runs.pageIsGone();
    }),
  );

  return {
    uri: () => uri,
    view,
    choose: (network) => {
      if (network !== choice.network) void chooseNetwork(network).catch(noted);
    },
    openResults: results.open,
    killWorker: () => runs.killWorker(),
    dispose: () => {
      isOver = true;
      clearTimeout(settling);
      subscriptions.dispose();
      runs.dispose();
      page.dispose('the panel was closed');
    },
  };
}

function isSameTarget(one: TargetChoice, other: TargetChoice): boolean {
  return one.alpha === other.alpha && one.rslora === other.rslora;
}
