import type { BackendId, ExperimentSpec, RunResult } from '../../experiment/spec';
import type { Handlers, Peer } from '../../messages/rpc';
import type { runHostContract, runPageContract } from '../../messages/run';
import type { RunListener, Runner } from '../../worker/runner';

/** The page of a run, as its host sees it. */
export type RunPage = Peer<typeof runPageContract>;

/** Runs experiments in a thread beside the extension host, or in the panel's page (webgl, or where there are no threads). */
export interface ExperimentRunner {
  run(spec: ExperimentSpec, listener: RunListener, signal: AbortSignal): Promise<RunResult>;
}

/** What the page says of a run, each with the number of the run. */
type PageReports = Pick<Handlers<typeof runHostContract>, 'hereStarted' | 'herePoints'>;

/** Runs experiments in the page. */
export interface PageRunner extends ExperimentRunner {
  reports: PageReports;
  /** The page is gone (hidden, reloaded): whatever it was training is lost. */
  lost(): void;
}

/** Says that a run ended because its page went away, not because something was wrong. */
export class PageLost extends Error {
  constructor() {
    super('the panel was hidden while it was training');
  }
}

export function pageRunner(page: RunPage): PageRunner {
  interface Current {
    run: number;
    listener: RunListener;
    lose: (reason: Error) => void;
  }
  let current: Current | undefined;
  let lastRun = 0;
  // What an earlier run still says is on its way when the next begins.
  const listenerOf = (run: number): RunListener => (current?.run === run ? current.listener : {});
  return {
    async run(spec, listener, signal) {
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
    reports: {
      hereStarted: ({ run, ...start }) => listenerOf(run).onStart?.(start),
      herePoints: ({ run, ...points }) => listenerOf(run).onPoints?.(points),
    },
    lost: () => current?.lose(new PageLost()),
  };
}

/** WebGL lives in the page; everything else in a thread, where there are threads. */
export function runnerFor(backend: BackendId | 'auto', runner: Runner | null, page: PageRunner): ExperimentRunner {
  return backend === 'webgl' || !runner ? page : runner;
}
