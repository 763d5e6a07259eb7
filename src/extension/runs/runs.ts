import type * as vscode from 'vscode';
import type { ExperimentSpec, RunResult } from '../../experiment/spec';
import type { Handlers, Peer } from '../../messages/rpc';
import type { RunWithCurves, runHostContract, runPageContract } from '../../messages/run';
import type { Runner, RunListener } from '../../worker/runner';
import type { Previews } from '../apply/preview';
import { failedRun, finishedRun, noRun, startedRun, withBackend, withPoints, type Experiment } from './run-state';

export interface RunPanelDeps {
  extensionUri: vscode.Uri;
  /** Null where the extension host has no threads: then the page trains. */
  createRunner: (() => Runner) | null;
  previews: Previews;
  log: vscode.LogOutputChannel;
}

export type RunPage = Peer<typeof runPageContract>;
type RunHost = Handlers<typeof runHostContract>;

export interface RunsDeps extends Pick<RunPanelDeps, 'createRunner' | 'log'> {
  page: RunPage;
  next: () => Experiment | null;
  /** Called when anything but the points of the run has changed. */
  changed: () => void;
  kept: RunWithCurves | null;
}

export interface Runs {
  current(): RunWithCurves;
  /** Starts what `next` says; a run that is going on is stopped first. */
  start(): void;
  /** Sends every point so far, as the page has none. */
  tellAll(): void;
  pageIsReady(): void;
  pageIsGone(): void;
  /** Answers what every page that shows a run asks, but for the start of one. */
  answers: Pick<RunHost, 'stop' | 'openLog' | 'hereStarted' | 'herePoints'>;
  /** Ends the thread as a crash would; false where there is none. For tests. */
  killWorker(): boolean;
  dispose(): void;
}

/**
 * The runs of one panel: at most one goes on; what a past one still says is not listened to. WebGL runs in the page,
 * everything else in a thread, where there are threads.
 */
export function createRuns({ createRunner, page, next, changed, log, kept }: RunsDeps): Runs {
  let run: RunWithCurves = kept ?? noRun();
  let lastId = run.view.id;
  let stopping: AbortController | undefined;
  let pageReady = false;
  let waitsForPage = false;
  let runner: Runner | undefined;
  const inPage = pageRunner(page);

  const become = (changedRun: RunWithCurves): void => {
    run = changedRun;
    changed();
  };

  const start = (): void => {
    const experiment = next();
    if (!experiment) return;
    stopping?.abort();
    if (createRunner) runner ??= createRunner();
    const isInPage = experiment.spec.backend === 'webgl' || !runner;
    waitsForPage = isInPage && !pageReady;
    if (waitsForPage) return;
    const id = ++lastId;
    const signal = (stopping = new AbortController()).signal;
    const mine = (act: () => void): void => {
      if (id === lastId) act();
    };
    become(startedRun(id, experiment));
    const listener: RunListener = {
      onStart: ({ backend, note }) => mine(() => become(withBackend(run, experiment, backend, note))),
      onPoints: ({ from, losses }) =>
        mine(() => {
          run = withPoints(run, from, losses);
          page.notify('points', { id, from, losses });
        }),
    };
    (isInPage || !runner ? inPage : runner).run(experiment.spec, listener, signal).then(
      (result) => mine(() => finished(finishedRun(run, experiment, result))),
      (error: unknown) => mine(() => failed(error)),
    );
  };

  const finished = (done: RunWithCurves): void => {
    // A fit adds a curve when all is over: the page has no points of it yet.
    if (done.losses.length > run.losses.length) {
      page.notify('points', { id: done.view.id, from: 0, losses: done.losses });
    }
    become(done);
  };

  const failed = (error: unknown): void => {
    if (error instanceof PageLost) {
      waitsForPage = true;
      return become(noRun());
    }
    const message = error instanceof Error ? error.message : String(error);
    log.error(`run ${run.view.id}: ${message}`);
    become(failedRun(run, message));
  };

  return {
    current: () => run,
    start,
    tellAll: () => {
      if (run.view.state !== 'none') page.notify('points', { id: run.view.id, from: 0, losses: run.losses });
    },
    pageIsReady: () => {
      inPage.lost();
      pageReady = true;
      // A lost run settles in a microtask; the new one begins after that.
      queueMicrotask(() => {
        if (waitsForPage) start();
      });
    },
    pageIsGone: () => {
      pageReady = false;
      inPage.lost();
    },
    answers: { stop: () => stopping?.abort(), openLog: () => log.show(), ...inPage.reports },
    killWorker: () => runner?.kill() ?? false,
    dispose: () => {
      lastId++;
      stopping?.abort();
      runner?.dispose();
    },
  };
}

/** Says that a run ended because its page went away, not because something was wrong. */
class PageLost extends Error {
  constructor() {
    super('the panel was hidden while it was training');
  }
}

/** Runs experiments in the page. */
function pageRunner(page: RunPage) {
  let current: { run: number; listener: RunListener; lose: (reason: Error) => void } | undefined;
  let lastRun = 0;
  // What an earlier run still says is on its way when the next begins.
  const listenerOf = (run: number): RunListener => (current?.run === run ? current.listener : {});
  return {
    async run(spec: ExperimentSpec, listener: RunListener, signal: AbortSignal): Promise<RunResult> {
      const run = ++lastRun;
      const stop = (): void => page.notify('stopHere', undefined);
      signal.addEventListener('abort', stop);
      try {
        return await new Promise<RunResult>((resolve, reject) => {
          current = { run, listener, lose: reject };
          page.call('runHere', { run, spec }).then(resolve, reject);
        });
      } finally {
        signal.removeEventListener('abort', stop);
        if (current?.run === run) current = undefined;
      }
    },
    /** What the page says of a run, each with the number of the run. */
    reports: {
      hereStarted: ({ run, ...start }) => listenerOf(run).onStart?.(start),
      herePoints: ({ run, ...points }) => listenerOf(run).onPoints?.(points),
    } satisfies Partial<RunHost>,
    /** The page is gone (hidden, reloaded): whatever it was training is lost. */
    lost: () => current?.lose(new PageLost()),
  };
}
