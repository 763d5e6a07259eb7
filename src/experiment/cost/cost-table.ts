import type { BackendId, ExperimentSpec } from '../spec';

/**
 * The measured costs of an experiment, in processor time of one core of a server of 2024; `npm run costs` prints what it
 * measures beside what is predicted. On WebAssembly the transformer took between half and twice the predicted time under 51
 * of 58 optimizers. Smaller tasks took up to ten times as long under optimizers of many small operations: 2 ms a step.
 * Plain JavaScript was measured with four optimizers only.
 */

/** Additional compile time of a task with more than one layer, in milliseconds. */
export const COMPILE_MS: Readonly<Record<ExperimentSpec['task'], number>> = { linear: 0, mlp: 100, transformer: 300 };

/** One pretraining step relative to one step of one variant: all weights train, on more texts. */
export const PRETRAINING_SHARE = 0.8;

export interface BackendCost {
  /** Milliseconds to start the first run of a new process: backend and uncompiled code. */
  startMs: number;
  /** Milliseconds of a step, whatever its sizes. */
  stepMs: Readonly<Record<ExperimentSpec['task'], number>>;
  /** Nanoseconds for each number that a layer or the attention gives. */
  elementNs: number;
  /** Nanoseconds for each multiplication in a matrix product. */
  productNs: number;
}

/** The numbers of webgl are estimates. Nothing is chosen by them; they stand for a slow start and slow kernels. */
export const BACKENDS: Readonly<Record<BackendId, BackendCost>> = {
  wasm: { startMs: 180, stepMs: { linear: 0.15, mlp: 0.42, transformer: 0.6 }, elementNs: 1.1, productNs: 0.04 },
  cpu: { startMs: 250, stepMs: { linear: 0.06, mlp: 0.6, transformer: 0 }, elementNs: 0, productNs: 12 },
  webgl: { startMs: 1500, stepMs: { linear: 2, mlp: 8, transformer: 20 }, elementNs: 1, productNs: 1 },
};
