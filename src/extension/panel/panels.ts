import * as v from 'valibot';
import * as vscode from 'vscode';
import { hostContract, pageContract, panelState } from '../../messages/panel';
import type { PanelState, PanelView, TargetChoice } from '../../messages/panel';
import type { ChosenPlan } from '../apply/apply-plan';
import { fileNameOf } from '../documents/places';
import { reveal } from '../documents/show-file';
import { openRules } from '../explanations/explain';
import { type OnResults, exportCheck } from '../export/export-check';
import { pickResultsFile, readResultsFile, savedAt } from '../export/results';
import { PAGES, SETTINGS } from '../ids';
import { openPage, panelSet, saveAs } from '../page/open-page';
import { type RunPanelDeps, createRuns } from '../runs/runs';
import { type Experiment, keptRun } from '../runs/run-state';
import { isOn, onSetting, taskSetting } from '../settings';
import { openedResults, type ResultsFile, subjectOf } from './opened-results';
import { viewOf } from './panel-view';
import { planWriter } from './plan-writer';
import { type Beginning, planFile } from './planned-file';

interface SessionDeps extends RunPanelDeps {
  onResults: OnResults;
}

/**
 * The panel's host side. Its parts own what is true (the text and the choice, the run, the results, what was written);
 * whenever one of them has changed, the whole picture is pushed to the page, which only draws.
 */
function startSession(
  { extensionUri, createRunner, previews, log, onResults }: SessionDeps,
  panel: vscode.WebviewPanel,
  beginning: Beginning,
) {
  const noted = (error: unknown): void => log.error(`panel: ${String(error)}`);
  const changes = new vscode.EventEmitter<void>();
  const changed = (): void => changes.fire();
  const page = openPage(panel, { extensionUri, log, shows: 'panel', host: hostContract, page: pageContract });

  const planned = planFile(beginning, noted);
  const { uri } = planned;
  /** None of a file that is broken or gone: what is shown is then the plan of its last text. */
  const experiment = (): Experiment | null => {
    const { file, outlook } = planned.now();
    return file.state === 'ok' ? (outlook?.experiment ?? null) : null;
  };
  const runs = createRuns({ createRunner, page, next: experiment, changed, log, kept: beginning.kept?.run ?? null });
  const results = openedResults({
    page,
    // The user did not open this file just now, so a fault is only logged.
    read: (address) => readResultsFile(vscode.Uri.parse(address), (why) => log.warn(`results: ${why}`)),
    saved: () => savedAt(uri()),
    changed,
    kept: beginning.kept?.results ?? null,
  });
  const writing = planWriter({ uri, previews, changed });

  const view = (): PanelView => {
    const { outlook, source, ...rest } = planned.now();
    const run = runs.current();
    const stale = run.view.state !== 'none' && run.key !== outlook?.experiment?.key;
    return viewOf({
      ...rest,
      source,
      outlook,
      run: { ...run.view, stale },
      results: results.view(subjectOf(outlook, fileNameOf(uri())), source?.text),
      measured: stale ? {} : run.measured,
      ...writing.view(outlook),
    });
  };
  const state = (): PanelState => ({
    uri: uri().toString(),
    ...planned.now().choice,
    run: keptRun(runs.current()),
    results: results.state(),
  });
  const push = (): void => {
    const { file, source } = planned.now();
    // Before the first text there is nothing that a page could draw.
    if (source || file.state !== 'ok') page.notify('view', { view: view(), state: state() });
  };

  let settling: ReturnType<typeof setTimeout> | undefined;
  /** Curves follow the plan: the first at once, others when typing has paused. */
  const trainIn = (ms: number): void => {
    clearTimeout(settling);
    const key = experiment()?.key;
    if (!key || key === runs.current().key) return;
    if (runs.current().view.state === 'none') runs.start();
    else if (isOn('runOnChange')) settling = setTimeout(runs.start, ms);
  };

  /** The plan that is shown; null where the page asks for another target: its field may have moved on since. */
  const shownPlan = (target: TargetChoice): ChosenPlan | null => {
    const { source, outlook, choice } = planned.now();
    if (!source || !outlook?.plan || !isSameTarget(target, choice.target)) return null;
    const { network, plan, writing } = outlook;
    return { uri: uri(), source, network, target, plan, writing };
  };

  page.answer({
    ready: () => {
      runs.pageIsReady();
      push();
      runs.tellAll();
      results.tellAll();
    },
    setTarget: (target) => planned.choose({ target }),
    setPlan: ({ plan }) => planned.choose({ plan }),
    setTask: ({ task }) => planned.choose({ task }),
    setNetwork: ({ network }) => planned.chooseNetwork(network),
    ...runs.answers,
    run: () => {
      // Whoever starts a run wants to see it.
      results.show(false);
      runs.start();
    },
    apply: async (target) => {
      const chosen = shownPlan(target);
      if (chosen) await writing.apply(chosen);
    },
    exportCheck: async (target) => {
      const chosen = shownPlan(target);
      if (chosen) await exportCheck({ ...chosen, plan: chosen.plan.id }, onResults);
    },
    openResults: async () => {
      const file = await pickResultsFile(uri());
      if (file) results.open(file);
    },
    showResults: ({ isShown }) => results.show(isShown),
    answer: ({ write }) => writing.answer(write),
    undo: () => writing.undo(),
    placeCode: ({ into }) => writing.placeCode(into),
    save: (plot) => saveAs(plot, plotFile(uri(), `alpha-${planned.now().choice.target.alpha}.${plot.kind}`)),
    openRules: () => openRules(extensionUri),
    reveal: (place) => reveal(uri(), place),
  });

  const subscriptions = vscode.Disposable.from(
    changes,
    changes.event(push),
    planned,
    planned.onDidChange((settleMs) => {
      push();
      trainIn(settleMs);
    }),
    ...[SETTINGS.backend, SETTINGS.seeds].map((name) => onSetting(name, () => void planned.refresh().catch(noted))),
    panel.onDidChangeViewState(() => {
      if (!panel.visible) runs.pageIsGone();
    }),
  );

  return {
    uri,
    view,
    choose: (network: number) => {
      if (network !== planned.now().choice.network) void planned.chooseNetwork(network).catch(noted);
    },
    openResults: results.open,
    killWorker: () => runs.killWorker(),
    dispose: () => {
      clearTimeout(settling);
      subscriptions.dispose();
      runs.dispose();
      page.dispose('the panel was closed');
    },
  };
}

type Session = ReturnType<typeof startSession>;

function isSameTarget(one: TargetChoice, other: TargetChoice): boolean {
  return one.alpha === other.alpha && one.rslora === other.rslora;
}

/** Where a plot is suggested to be saved, beside the config: `llama3-alpha-64.svg`. */
function plotFile(config: vscode.Uri, ending: string): vscode.Uri {
  return vscode.Uri.joinPath(config, '..', `${fileNameOf(config).replace(/\.[^.]*$/, '')}-${ending}`);
}

export interface Panels extends vscode.Disposable {
  show(uri: vscode.Uri, network: number): void;
  /** Shows results in the panel of a config, which is opened where there is none. */
  showResults(file: ResultsFile, config: vscode.Uri): void;
  configs(): vscode.Uri[];
  restore(panel: vscode.WebviewPanel, state: unknown): void;
  latest(): Session | undefined;
}

/** All panels: at most one a file. */
export function createPanels(deps: SessionDeps): Panels {
  const panels = panelSet(PAGES.panel, deps, (panel, beginning: Beginning) => startSession(deps, panel, beginning));
  const open = (beginning: Beginning): void =>
    panels.open(`LoRA: ${fileNameOf(beginning.uri)}`, vscode.ViewColumn.Beside, beginning);
  const follows =
    (uri: vscode.Uri) =>
    (session: Session): boolean =>
      session.uri().toString() === uri.toString();

  return {
    show(uri, network) {
      const isShown = panels.reveal(follows(uri), (session) => session.choose(network));
      if (!isShown) open({ uri, network, kept: null });
    },
    showResults(file, config) {
      const isShown = panels.reveal(follows(config), (session) => session.openResults(file), true);
      if (!isShown) open({ uri: config, network: 0, kept: keptFor(file, config) });
    },
    configs: () => panels.sessions().map((session) => session.uri()),
    restore(panel, state) {
      const kept = v.safeParse(panelState, state);
      if (!kept.success) return panels.restore(panel, null);
      const { uri, network } = kept.output;
      panels.restore(panel, { uri: vscode.Uri.parse(uri), network, kept: kept.output });
    },
    latest: panels.latest,
    dispose: panels.dispose,
  };
}

/** A panel that is opened for results begins with the plan they checked. */
function keptFor({ uri, results: { check } }: ResultsFile, config: vscode.Uri): PanelState {
  return {
    uri: config.toString(),
    network: 0,
    target: { alpha: check.alpha[1] },
    plan: check.plan,
    task: taskSetting(),
    run: null,
    results: { uri: uri.toString(), isShown: true },
  };
}
