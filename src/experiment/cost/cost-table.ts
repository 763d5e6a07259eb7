import type { BackendId, ExperimentSpec } from '../spec';

/**
 * What an experiment costs, in numbers that `npm run costs` measures and prints: operations are counted by tfjs' own
 * profile, times are processor time of one core of a server of 2024, the best of several. Of the usual checks of
 * fifty-eight optimizers on three tasks, a step of WebAssembly took from half to twice of what these numbers say in all
 * but a few; plain JavaScript was seen on four optimizers only. Another machine is faster or slower at all alike.
 */

/** Operations that tfjs starts at every step. */
export const KERNELS = {
  /** Of a task's passes with one LoRA layer, without an optimizer. */
  tasks: { linear: 15, mlp: 18, transformer: 110 } satisfies Readonly<Record<ExperimentSpec['task'], number>>,
  /** More for each further LoRA layer. */
  layers: { linear: 0, mlp: 23, transformer: 12 } satisfies Readonly<Record<ExperimentSpec['task'], number>>,
  /** More for each LoRA layer that is a DoRA layer, or has dropout. */
  dora: 19,
  dropout: 1.4,
  /** Where gradients are clipped, for each block of weights. */
  clip: 10,
} as const;

/** More that has to be compiled where a task is more than one layer, in milliseconds. */
export const COMPILE_MS: Readonly<Record<ExperimentSpec['task'], number>> = { linear: 0, mlp: 80, transformer: 250 };

/** Processor time of a step of pretraining beside that of a step of one variant: every weight trains, on more texts. */
export const PRETRAINING_SHARE = 0.8;

export interface BackendCost {
  /** To start a new process's first run of one layer: the backend, and code that is not compiled yet. Milliseconds. */
  startMs: number;
  /** Microseconds for each kernel. */
  kernelUs: number;
  /** Nanoseconds for each number an elementwise kernel puts out. */
  elementNs: number;
  /** Nanoseconds for each multiplication in a product. */
  productNs: number;
}

/**
 * An estimate, not measured, is all of webgl: nothing is chosen by it, and it stands for a start that takes seconds and
 * kernels that are slow.
 */
export const BACKENDS: Readonly<Record<BackendId, BackendCost>> = {
  wasm: { startMs: 250, kernelUs: 8, elementNs: 0.35, productNs: 0.1 },
  cpu: { startMs: 250, kernelUs: 34, elementNs: 8, productNs: 3.5 },
  webgl: { startMs: 1500, kernelUs: 120, elementNs: 1, productNs: 1 },
};
