import * as v from 'valibot';
import * as vscode from 'vscode';
import { hostContract, pageContract, panelState } from '../../messages/panel';
import type { PanelView, TargetChoice } from '../../messages/panel';
import type { ChosenPlan } from '../apply/apply-plan';
import type { KeptChanges } from '../apply/kept-changes';
import { reveal } from '../documents/files';
import { fileNameOf } from '../documents/places';
import { openRules } from '../explanations/explain';
import { type OnResults, exportCheck } from '../export/export-check';
import { pickResultsFile, readResultsFile, savedAt } from '../export/results';
import { PAGES, SETTINGS } from '../ids';
import { type RunPanelDeps, openPage, panelSet, saveAs } from '../page/open-page';
import { ask } from '../questions/ask';
import type { RankTest } from '../runs/rank-test';
import { createRuns, type Experiment } from '../runs/runs';
import { isOn, onSetting, taskSetting, tick } from '../settings';
import type { OwnRuns } from '../own-run/own-runs';
import { openedResults, type OpenedFile, subjectOf } from './opened-results';
import { viewOf } from './panel-view';
import { planWriter } from './plan-writer';
import { remarkOn } from './rank-outlook';
import { type Beginning, planFile } from './planned-file';

interface SessionDeps extends RunPanelDeps {
  onResults: OnResults;
  ownRuns: OwnRuns;
  kept: KeptChanges;
}

/**
 * The panel's host side. Its parts own what is true (the text and the choice, the run, the results, what was written);
 * whenever one of them has changed, the whole picture is pushed to the page, which only draws.
 */
function startSession(
  { extensionUri, createRunner, previews, log, onResults, ownRuns, kept: changes }: SessionDeps,
  panel: vscode.WebviewPanel,
  beginning: Beginning,
) {
  const { kept } = beginning;
  const noted = (error: unknown): void => log.error(`panel: ${String(error)}`);
  const page = openPage(panel, { extensionUri, log, shows: 'panel', host: hostContract, page: pageContract });
  const planned = planFile(beginning, changes, noted);
  const { uri } = planned;
  /** None of a file that is broken or gone: what is shown is then the plan of its last text. */
  const next = (): Experiment | RankTest | null => {
    const { file, outlook } = planned.now();
    return file.state === 'ok' ? (outlook?.ranked?.test ?? outlook?.experiment ?? null) : null;
  };

  const view = (): PanelView => {
    const { outlook: read, source, ...rest } = planned.now();
    const outlook = results.settled(read);
    const run = runs.view((outlook?.ranked?.test ?? outlook?.experiment)?.key);
    return viewOf({
      ...rest,
      source,
      outlook,
      run,
      results: results.view(subjectOf(outlook, fileNameOf(uri())), source?.text),
      measured: run.stale ? {} : runs.current().measured,
      ...writing.view(outlook, source),
    });
  };
  const changed = (): void => {
    const { file, source, choice } = planned.now();
    // Before the first text there is nothing that a page could draw.
    if (!source && file.state === 'ok') return;
    panel.title = titleOf(uri());
    const state = { uri: uri().toString(), rule: '', ...choice, run: runs.kept(), results: results.state() };
    page.notify('view', { view: view(), state });
  };

  const runs = createRuns({ createRunner, page, next, changed, log, kept: kept?.run ?? null });
  const results = openedResults({
    page,
    // The user did not open this file just now, so a fault is only logged.
    read: (address) => readResultsFile(vscode.Uri.parse(address), (why) => log.warn(`results: ${why}`)),
    async hold(recording) {
      const { source } = planned.now();
      return source && ask('ran', source, recording).catch((error: unknown) => (noted(error), null));
    },
    saved: () => savedAt(uri()),
    changed,
    kept: kept?.results ?? beginning.results ?? null,
  });
  const writing = planWriter(uri, { previews, kept: changes }, changed);

  let settling: ReturnType<typeof setTimeout> | undefined;
  /** Curves follow the plan: the first at once, others when typing has paused. */
  const trainIn = (ms: number): void => {
    clearTimeout(settling);
    // A test of ranks takes many seconds: it waits for the user's word.
    const experiment = next();
    if (!experiment || 'plans' in experiment || experiment.key === runs.current().key) return;
    if (runs.current().view.state === 'none') runs.start();
    else if (isOn('runOnChange')) settling = setTimeout(runs.start, ms);
  };

  /** Acts on the plan for the page's target: one that was typed just before is computed first. */
  const withPlan =
    (act: (chosen: ChosenPlan) => Promise<void>, actOnRank?: typeof writing.apply) =>
    async (target: TargetChoice): Promise<void> => {
      await planned.caughtUp();
      const { source, outlook, choice } = planned.now();
      const deciding = target.rank === undefined ? (['alpha', 'rslora', 'rank'] as const) : (['rank'] as const);
      const isShown = deciding.every((key) => target[key] === choice.target[key]);
      if (!source || !outlook || !isShown) return;
      const { network, plan, writing: how, ranked } = outlook;
      const chosen = { uri: uri(), source, network, target, writing: how };
      if (plan) return act({ ...chosen, plan });
      const rule = ranked?.plan;
      if (rule) await actOnRank?.({ ...chosen, plan: rule, target: rule.to, remark: remarkOn(rule) });
    };

  page.answer({
    ready: () => {
      runs.pageIsReady();
      results.tellAll();
    },
    setTarget: (target) => planned.choose({ target }),
    setPlan: planned.choose,
    setTask: planned.choose,
    setRule: planned.choose,
    setNetwork: ({ network }) => planned.chooseNetwork(network),
    ...runs.answers,
    run: () => {
      // Whoever starts a run wants to see it.
      results.show(false);
      runs.start();
    },
    apply: withPlan(writing.apply, writing.apply),
    exportCheck: withPlan((chosen) => exportCheck(chosen, onResults)),
    tryRun: withPlan(ownRuns.try),
    recordRun: async () => {
      const { source } = planned.now();
      if (source) await ownRuns.record(uri(), source);
    },
    openResults: async () => {
      const file = await pickResultsFile(uri());
      if (file) results.open(file);
    },
    showResults: ({ isShown }) => results.show(isShown),
    answer: ({ write }) => writing.answer(write),
    undo: writing.undo,
    saveConfig: writing.saveConfig,
    finish: writing.finish,
    placeCode: ({ into }) => writing.placeCode(into),
    save: (plot) => {
      // The picture is saved in the config's folder: `llama3-alpha-64.svg`.
      const name = `${fileNameOf(uri()).replace(/\.[^.]*$/, '')}-${targetName(planned.now().choice.target)}`;
      return saveAs(plot, vscode.Uri.joinPath(uri(), '..', `${name}.${plot.kind}`));
    },
    openRules: () => openRules(extensionUri),
    reveal: (place) => reveal(uri(), place),
  });

  const subscriptions = vscode.Disposable.from(
    planned,
    planned.onDidChange((settleMs) => {
      changed();
      trainIn(settleMs);
    }),
    changes.onDidChange(changed),
    vscode.workspace.onDidSaveTextDocument(changed),
    vscode.workspace.onDidSaveNotebookDocument(changed),
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
    killWorker: runs.killWorker,
    dispose: () => {
      clearTimeout(settling);
      subscriptions.dispose();
      runs.dispose();
      page.dispose('the panel was closed');
    },
  };
}

const targetName = ({ alpha, rank }: TargetChoice): string => (rank === undefined ? `alpha-${alpha}` : `rank-${rank}`);

const titleOf = (uri: vscode.Uri): string => `LoRA: ${fileNameOf(uri)}`;

type Session = ReturnType<typeof startSession>;

export type Panels = ReturnType<typeof createPanels>;

/** All panels: at most one a file. */
export function createPanels(deps: SessionDeps) {
  const panels = panelSet(PAGES.panel, deps, (panel, beginning: Beginning) => startSession(deps, panel, beginning));
  /** Tells the panel of a file, which is opened where there is none. */
  const show = (tell: (session: Session) => void, beginning: Beginning): void => {
    const { uri, results } = beginning;
    void tick('check');
    const isMine = (session: Session): boolean => session.uri().toString() === uri.toString();
    if (panels.reveal(isMine, tell, results !== undefined)) return;
    panels.open(titleOf(uri), vscode.ViewColumn.Beside, beginning);
  };

  return {
    show: (uri: vscode.Uri, network: number): void =>
      show((session) => session.choose(network), { uri, network, kept: null }),
    /** Shows results in the panel of a config; one that is opened for them begins with the plan they checked. */
    showResults(file: OpenedFile, config: vscode.Uri): void {
      const results = { uri: file.uri.toString(), isShown: true };
      const own = { uri: config.toString(), network: 0, task: taskSetting(), run: null, results };
      const check = 'results' in file ? file.results.check : null;
      const kept = check && { ...own, target: { alpha: check.alpha[1] }, plan: check.plan, rule: '' };
      show((session) => session.openResults(file), { uri: config, network: 0, kept, results });
    },
    configs: (): vscode.Uri[] => panels.sessions().map((session) => session.uri()),
    restore(panel: vscode.WebviewPanel, state: unknown): void {
      const { success, output } = v.safeParse(panelState, state);
      if (!success) return panels.restore(panel, null);
      panels.restore(panel, { uri: vscode.Uri.parse(output.uri), network: output.network, kept: output });
    },
    latest: panels.latest,
    dispose: panels.dispose,
  };
}
