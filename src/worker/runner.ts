import type { BackendId, ExperimentSpec, TrainedRun } from '../experiment/spec';

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
