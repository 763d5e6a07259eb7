import type { BackendId, ExperimentSpec, TrainedRun } from '../experiment/spec';
import type { Port } from '../messages/rpc';

/** The reports of a run. */
export interface RunListener {
  /** The backend is up and the first step is about to be taken. `note` says why it is not the one asked for. */
  onStart?(start: { backend: BackendId; note: string | null }): void;
  /** losses[variant][i] belongs to step `from + i` (zero-based). */
  onPoints?(points: { from: number; losses: number[][] }): void;
  /** The worker got a message that it cannot read. It continues. */
  onFault?(message: string): void;
}

/** Where an experiment runs: a worker thread of Node, or a web worker. One run at a time; a new run stops the old one. */
export interface Runner {
  /**
   * Resolves with what was computed until the end, or within a tenth of a second after `signal` fired
   * (`stopped: true`), whatever the worker is doing: one that goes on too long is ended behind the scenes.
   * Rejects with one sentence when the worker throws, dies or talks nonsense; the next run starts a fresh worker.
   */
  run(spec: ExperimentSpec, listener: RunListener, signal?: AbortSignal): Promise<TrainedRun>;
  dispose(): void;
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

/** Work that waits: each piece begins when the one before it has ended, and one that fails takes no other with it. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** How many workers may train at once, unless the user says otherwise, and at most: each holds the frozen matrices. */
export const WORKERS = { usual: 4, most: 64 };
