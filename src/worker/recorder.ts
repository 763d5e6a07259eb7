import type { BackendId, ExperimentSpec, TrainedRun } from '../experiment/spec';
import type { RunListener } from './runner';

/** Passes the reports of a run on, and keeps them in case the worker dies. */
export interface Recorder extends Required<RunListener> {
  /** The run so far, as one that was stopped. */
  far(): TrainedRun;
  /** Stops passing reports on. */
  mute(): void;
}

export function recorder(spec: ExperimentSpec, listener: RunListener): Recorder {
  const losses: number[][] = spec.variants.map(() => []);
  let backend: BackendId = spec.backend === 'auto' ? 'wasm' : spec.backend;
  const started = Date.now();
  return {
    onStart(begun) {
      backend = begun.backend;
      listener.onStart?.(begun);
    },
    onPoints(points) {
      points.losses.forEach((values, variant) => {
        const curve = losses[variant];
        // Not push(...values): so many arguments do not fit on the stack.
        if (curve) for (const value of values) curve.push(value);
      });
      listener.onPoints?.(points);
    },
    onFault: (message) => listener.onFault?.(message),
    far: () => ({
      backend,
      losses: losses.map((curve) => [...curve]),
      weights: [],
      stopped: true,
      ms: Date.now() - started,
    }),
    mute() {
      listener = {};
    },
  };
}
