import type { BackendId, ExperimentSpec } from '../spec';

/**
 * The measured costs of an experiment; `npm run costs` measures and prints them. Operations are counted by tfjs'
 * profiler. Times are the best of several runs, in processor time of one core of a server of 2024.
 * On WebAssembly, nearly all of fifty-eight optimizers on three tasks took between half and twice the predicted time.
 * Plain JavaScript was measured with four optimizers only.
 */

/** Operations that tfjs starts at every step. */
export const KERNELS = {
  /** Both passes of a task with one LoRA layer, without the optimizer. */
  tasks: { linear: 15, mlp: 18, transformer: 110 } satisfies Readonly<Record<ExperimentSpec['task'], number>>,
  /** Added by each further LoRA layer. */
  layers: { linear: 0, mlp: 23, transformer: 12 } satisfies Readonly<Record<ExperimentSpec['task'], number>>,
  /** Added by each LoRA layer with DoRA, or with dropout. */
  dora: 19,
  dropout: 1.4,
  /** Gradient clipping, for each block of weights. */
  clip: 10,
} as const;

/** Additional compile time of a task with more than one layer, in milliseconds. */
export const COMPILE_MS: Readonly<Record<ExperimentSpec['task'], number>> = { linear: 0, mlp: 80, transformer: 250 };

/** One pretraining step relative to one step of one variant: all weights train, on more texts. */
export const PRETRAINING_SHARE = 0.8;

export interface BackendCost {
  /** Milliseconds to start the first run of a new process: backend and uncompiled code. */
  startMs: number;
  /** Microseconds for each kernel. */
  kernelUs: number;
  /** Nanoseconds for each output number of an elementwise kernel. */
  elementNs: number;
  /** Nanoseconds for each multiplication in a matrix product. */
  productNs: number;
}

/** The numbers of webgl are estimates. Nothing is chosen by them; they stand for a slow start and slow kernels. */
export const BACKENDS: Readonly<Record<BackendId, BackendCost>> = {
  wasm: { startMs: 250, kernelUs: 8, elementNs: 0.35, productNs: 0.1 },
  cpu: { startMs: 250, kernelUs: 34, elementNs: 8, productNs: 3.5 },
  webgl: { startMs: 1500, kernelUs: 120, elementNs: 1, productNs: 1 },
};
