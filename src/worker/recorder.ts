import type { BackendId, ExperimentSpec, RunResult } from '../experiment/spec';
import type { RunListener } from './runner';

/** Hears what a run tells, passes it on, and remembers it in case the worker can no longer be asked. */
export interface Recorder extends Required<RunListener> {
  /** The run so far, as one that was stopped. */
  far(): RunResult;
  /** From here on nothing is passed on. */
  hush(): void;
}

export function recorder(spec: ExperimentSpec, told: RunListener): Recorder {
  const losses: number[][] = spec.variants.map(() => []);
  let backend: BackendId = spec.backend === 'auto' ? 'wasm' : spec.backend;
  let listener = told;
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
      weightDeviation: spec.variants.map(() => Number.NaN),
      stopped: true,
      ms: Date.now() - started,
    }),
    hush() {
      listener = {};
    },
  };
}
