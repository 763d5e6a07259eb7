import type * as vscode from 'vscode';
import type { Claim } from '../../config/plan/claim';
import { claimed, runVerdict } from '../../experiment/verdict/verdict';
import type { ExperimentSpec, RunResult } from '../../experiment/spec';
import { curvesOf, curvesWithFit } from '../../experiment/words/curves';
import { pairWords, type PairText } from '../../experiment/words/pair-words';
import { measuredPlans, runSize, secondsLabel } from '../../experiment/words/sizes';
import { lookOf, verdictWords } from '../../experiment/words/verdict-words';
import { type Handlers, messageOf, type Peer } from '../../messages/rpc';
import type { RunView, RunWithCurves, runHostContract, runPageContract } from '../../messages/run';
import type { RunListener, Runner } from '../../worker/runner';
import type { PlanId } from '../../recipe/plans/plan';
import { finishedTest, startedTest, type RankTest } from './rank-test';

export interface Experiment {
  spec: ExperimentSpec;
  /** The plan it checks, its variant `rescaled`; null where two configs are trained. */
  plan: PlanId | null;
  pair?: PairText;
  /** What equal curves may claim of the user's run. */
  claim: Claim;
  /** Equal keys, equal curves. */
  key: string;
}

export function noRun(): RunWithCurves {
  const nothing = { stale: false, summary: '', verdict: null, error: null };
  const view: RunView = { ...nothing, id: 0, state: 'none', steps: 1, batches: 1, curves: [] };
  return { view, losses: [], key: '', measured: {} };
}

export function startedRun(id: number, { spec, key }: Experiment): RunWithCurves {
  const { steps, batches, variants } = spec;
  const running = { id, state: 'running', steps, batches, curves: curvesOf(spec), summary: runSize(spec) } as const;
  return { view: { ...noRun().view, ...running }, losses: variants.map(() => []), key, measured: {} };
}

/** Adds points that begin at step `from`; points that were there already are replaced. */
export function withPoints(run: RunWithCurves, from: number, points: readonly (readonly number[])[]): RunWithCurves {
  return { ...run, losses: run.losses.map((curve, index) => [...curve.slice(0, from), ...(points[index] ?? [])]) };
}

export function finishedRun(run: RunWithCurves, experiment: Experiment, result: RunResult): RunWithCurves {
  const { spec, claim, pair, plan } = experiment;
  const { curves, losses } = curvesWithFit(spec, result);
  const summary = `${run.view.summary} · ${secondsLabel(result.ms)}`;
  if (result.stopped) return { ...run, losses, view: { ...run.view, state: 'stopped', summary } };
  const verdict = claimed(runVerdict(spec, result), claim);
  const said = pair ? pairWords(spec, verdict, pair) : verdictWords(spec, verdict, result.fit);
  const { headline, evidence, detail, aside } = said;
  const measured = measuredPlans(spec, verdict, plan);
  const kind = lookOf(verdict, (plan && measured[plan]) ?? Infinity);
  const done = { state: 'done', curves, summary, verdict: { kind, headline, evidence, detail, aside } } as const;
  return { ...run, losses, view: { ...run.view, ...done }, measured };
}

export function failedRun(run: RunWithCurves, error: string): RunWithCurves {
  return { ...run, view: { ...run.view, state: 'failed', error } };
}

export type RunPage = Peer<typeof runPageContract>;

export interface RunsDeps {
  /** Null where the extension host has no threads: then the page trains. */
  createRunner: (() => Runner) | null;
  log: vscode.LogOutputChannel;
  page: RunPage;
  next: () => Experiment | RankTest | null;
  /** Called when anything but the points of the run has changed. */
  changed: () => void;
  kept: RunWithCurves | null;
}

export type Runs = ReturnType<typeof createRuns>;

/** So many targets keep their runs. */
const MOST_ENDED = 20;

/** Says that a run ended because its page went away, not because something was wrong. */
class PageLost extends Error {}

/**
 * The runs of one panel: at most one goes on; what a past one still says is not listened to. WebGL runs in the page,
 * everything else in a thread, where there are threads.
 */
export function createRuns({ createRunner, page, next, changed, log, kept }: RunsDeps) {
  let run: RunWithCurves = kept ?? noRun();
  /** Those that went to their end: who comes back to a target sees its run again. */
  let ended = kept ? [kept] : [];
  let lastId = run.view.id;
  let stopping: AbortController | undefined;
  let isPageReady = false;
  let waitsForPage = false;
  let runner: Runner | undefined;
  let here: { id: number; listener: RunListener; lose: (reason: Error) => void } | undefined;

  const become = (changedRun: RunWithCurves): void => {
    run = changedRun;
    changed();
  };
  const tellPoints = (from: number, losses: number[][]): void =>
    page.notify('points', { id: run.view.id, from, losses });

  const trainInPage = (id: number, spec: ExperimentSpec, listener: RunListener, signal: AbortSignal) =>
    new Promise<RunResult>((resolve, reject) => {
      here = { id, listener, lose: reject };
      signal.addEventListener('abort', () => page.notify('stopHere', undefined), { once: true });
      page.call('runHere', { run: id, spec }).then(resolve, reject);
    }).finally(() => {
      if (here?.id === id) here = undefined;
    });
  /** Hears of the run that the page trains; what an earlier run still says is on its way when the next begins. */
  const listenerOf = (id: number): RunListener => (here?.id === id ? here.listener : {});
  const losePage = (): void => here?.lose(new PageLost('the panel was hidden while it was training'));

  /** Starts what `next` says; a run that is going on is stopped first. */
  const start = (): void => {
    const experiment = next();
    if (!experiment) return;
    stopping?.abort();
    if (createRunner) runner ??= createRunner();
    const isTest = 'plans' in experiment;
    const thread = !isTest && experiment.spec.backend === 'webgl' ? undefined : runner;
    waitsForPage = !thread && !isPageReady;
    if (waitsForPage) return;
    const id = ++lastId;
    const { signal } = (stopping = new AbortController());
    const mine = (act: () => void): void => {
      if (id === lastId) act();
    };
    become(isTest ? startedTest(noRun(), id, experiment) : startedRun(id, experiment));
    const listener: RunListener = {
      onStart: ({ backend, note }) =>
        mine(() => {
          const summary = [`${backend} · ${run.view.summary}`, note].filter(Boolean).join(' · ');
          become({ ...run, view: { ...run.view, summary } });
        }),
      onPoints: ({ from, losses }) =>
        mine(() => {
          run = withPoints(run, from, losses);
          tellPoints(from, losses);
        }),
    };
    const train = (spec: ExperimentSpec, heard: RunListener): Promise<RunResult> =>
      thread ? thread.run(spec, heard, signal) : trainInPage(id, spec, heard, signal);
    const trainStepwise: Parameters<typeof finishedTest>[2] = (spec, onStep) =>
      train(spec, { onPoints: ({ from, losses }) => onStep(from + (losses[0]?.length ?? 0)) });
    const ended = isTest
      ? finishedTest(run, experiment, trainStepwise, (done) => mine(() => progress(done)))
      : train(experiment.spec, listener).then((result) => finishedRun(run, experiment, result));
    ended.then(
      (done) => mine(() => finish(done)),
      (error: unknown) => mine(() => fail(error)),
    );
  };

  /** Every hundredth of a test is worth a drawing. */
  const progress = (done: number): void => {
    const { view } = run;
    const hundredths = (steps: number): number => Math.floor((100 * steps) / view.steps);
    if (hundredths(done) !== hundredths(view.done ?? 0)) become({ ...run, view: { ...view, done } });
  };
  const finish = (done: RunWithCurves): void => {
    // A fit adds a curve when all is over: the page has no points of it yet.
    if (done.losses.length > run.losses.length) tellPoints(0, done.losses);
    const others = ended.filter(({ key }) => key !== done.key);
    if (done.view.state === 'done') ended = [done, ...others].slice(0, MOST_ENDED);
    become(done);
  };
  /** A page takes no points of an earlier number. */
  const recall = (key: string | undefined): void => {
    const before = ended.find((each) => each.key === key);
    if (!before || key === run.key || run.view.state === 'running') return;
    run = { ...before, view: { ...before.view, id: ++lastId } };
    tellPoints(0, run.losses);
  };
  const fail = (error: unknown): void => {
    if (error instanceof PageLost) {
      waitsForPage = true;
      return become(noRun());
    }
    const message = messageOf(error);
    log.error(`run ${run.view.id}: ${message}`);
    become(failedRun(run, message));
  };

  return {
    current: () => run,
    /** @param key of the experiment that the panel is about now; curves of another one are outdated */
    view: (key: string | undefined): RunView => {
      recall(key);
      return { ...run.view, stale: run.view.state !== 'none' && run.key !== key };
    },
    /** What to keep over a reload: a run that went to its end. */
    kept: (): RunWithCurves | null => (run.view.state === 'done' ? run : null),
    start,
    /** Answers a page that is up, and has nothing yet. */
    pageIsReady: () => {
      losePage();
      isPageReady = true;
      // A lost run settles in a microtask; the new one begins after that.
      queueMicrotask(() => {
        if (waitsForPage) start();
      });
      changed();
      if (run.view.state !== 'none') tellPoints(0, run.losses);
    },
    pageIsGone: () => {
      isPageReady = false;
      losePage();
    },
    /** Answers what every page that shows a run asks, but for the start of one. */
    answers: {
      stop: () => stopping?.abort(),
      openLog: () => log.show(),
      hereStarted: ({ run: id, ...started }) => listenerOf(id).onStart?.(started),
      herePoints: ({ run: id, ...points }) => listenerOf(id).onPoints?.(points),
    } satisfies Partial<Handlers<typeof runHostContract>>,
    /** Ends the thread as a crash would; false where there is none. For tests. */
    killWorker: () => runner?.kill() ?? false,
    dispose: () => {
      lastId++;
      stopping?.abort();
      runner?.dispose();
    },
  };
}
