import type { BackendId, ExperimentSpec, RunResult } from '../../experiment/spec';
import type { RunListener, Runner } from '../../worker/runner';
import type { Page } from './page';

/** Who trains: a thread beside the extension host, or the panel's page (webgl, or where there are no threads). */
export interface Trainer {
  run(spec: ExperimentSpec, listener: RunListener, signal: AbortSignal): Promise<RunResult>;
}

/** The page as a trainer, with what it tells on the way coming in apart (`hereStarted`, `herePoints`). */
export interface PageTrainer extends Trainer {
  told: RunListener;
  /** The page is gone (hidden, reloaded): whatever it was training is lost. */
  lost(): void;
}

/** Says that a run ended because its page went away, not because something was wrong. */
export class PageLost extends Error {
  constructor() {
    super('the panel was hidden while it was training');
  }
}

export function pageTrainer(page: () => Page): PageTrainer {
  let current: { listener: RunListener; lose: (reason: Error) => void } | undefined;
  return {
    async run(spec, listener, signal) {
      const stop = (): void => page().notify('stopHere', undefined);
      signal.addEventListener('abort', stop);
      try {
        return await new Promise<RunResult>((resolve, reject) => {
          current = { listener, lose: reject };
          page().call('runHere', { spec }).then(resolve, reject);
        });
      } finally {
        signal.removeEventListener('abort', stop);
        current = undefined;
      }
    },
    told: {
      onStart: (start) => current?.listener.onStart?.(start),
      onPoints: (points) => current?.listener.onPoints?.(points),
    },
    lost: () => current?.lose(new PageLost()),
  };
}

/** WebGL lives in the page; everything else in a thread, where there are threads. */
export function trainerFor(backend: BackendId | 'auto', runner: Runner | null, page: PageTrainer): Trainer {
  return backend === 'webgl' || !runner ? page : runner;
}
