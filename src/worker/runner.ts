import type { BackendId, ExperimentSpec, TrainedRun } from '../experiment/spec';
import type { Port } from '../messages/rpc';

/** The reports of a run. */
export interface RunListener {
  /** The backend is up and the first step is about to be taken. `note` says why it is not the one asked for. */
  onStart?(start: { backend: BackendId; note: string | null }): void;
  /** losses[variant][i] belongs to step `from + i` (zero-based). */
  onPoints?(points: { from: number; losses: number[][] }): void;
}

/**
 * Where an experiment runs: a worker thread of Node, or a web worker. One run at a time; a new run stops the old one.
 */
export interface Runner {
  /**
   * Resolves with what was computed until the end, or within a tenth of a second after `signal` fired
   * (`stopped: true`), whatever the worker is doing. Rejects with one sentence when the worker throws, dies or sends
   * invalid messages; the next run starts a fresh worker.
   */
  run(spec: ExperimentSpec, listener: RunListener, signal?: AbortSignal): Promise<TrainedRun>;
  dispose(): void;
  /** Ends the worker at once, for tests of what happens then. False when there was none. */
  kill(): boolean;
}

/** A worker of any platform, as a runner needs it. */
export interface Thread {
  port: Port;
  /** Resolves with a sentence when the worker has died or can no longer be trusted, also after `end`. */
  died: Promise<string>;
  /** Ends it at once, whatever it is doing. */
  end(): void;
  /** Whether the process must stay alive for its sake. */
  hold(busy: boolean): void;
}

/** How many workers may train at once, unless the user says otherwise, and at most: each holds the frozen matrices. */
export const WORKERS = { usual: 4, most: 64 };

/** Runs work in order, also after what failed. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** Stops a run when the next one begins. */
interface Takeover {
  /** Stops the run before, and hands on what stops this one; `signal` stops it, too, until `work` has ended. */
  run<T>(signal: AbortSignal | undefined, work: (stop: AbortController) => Promise<T>): Promise<T>;
  stop(): void;
}

export function takeover(): Takeover {
  let current = new AbortController();
  return {
    run(signal, work) {
      current.abort();
      const mine = (current = new AbortController());
      const pass = (): void => mine.abort();
      if (signal?.aborted) pass();
      signal?.addEventListener('abort', pass, { once: true });
      return work(mine).finally(() => signal?.removeEventListener('abort', pass));
    },
    stop: () => current.abort(),
  };
}
