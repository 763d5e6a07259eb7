import type * as vscode from 'vscode';
import type { Handlers } from '../../messages/rpc';
import type { runHostContract, RunWithCurves } from '../../messages/run';
import type { RunListener } from '../../worker/runner';
import type { KillableRunner } from '../../worker/thread-runner';
import { failedRun, finishedRun, noRun, withBackend, startedRun, withPoints, type Experiment } from './run-state';
import { PageLost, pageRunner, runnerFor, type RunPage } from './page-runner';

export interface RunsDeps {
  createRunner: (() => KillableRunner) | null;
  page: RunPage;
  /** The experiment that the next run is for. */
  next: () => Experiment | null;
  /** Called when anything but the points of the run has changed. */
  changed: () => void;
  log: vscode.LogOutputChannel;
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
  answers: Omit<Handlers<typeof runHostContract>, 'run'>;
  /** Ends the thread as a crash would; false where there is none. For tests. */
  killWorker(): boolean;
  dispose(): void;
}

/** The runs of one panel: at most one goes on; what a past one still says is not listened to. */
export function createRuns({ createRunner, page, next, changed, log, kept }: RunsDeps): Runs {
  let run: RunWithCurves = kept ?? noRun();
  let lastId = run.view.id;
  let stopping: AbortController | undefined;
  let pageReady = false;
  let waitsForPage = false;
  let runner: KillableRunner | undefined;
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
    const chosen = runnerFor(experiment.spec.backend, runner ?? null, inPage);
    waitsForPage = chosen === inPage && !pageReady;
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
      onFault: (message) => log.warn(`run ${id}: the training worker could not read a message: ${message}`),
    };
    chosen.run(experiment.spec, listener, signal).then(
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
      become(noRun());
      return;
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
