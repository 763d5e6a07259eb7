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
  /** For each block of weights. */
  optimizers: {
    sgd: 5,
    sgdw: 5,
    asgd: 8,
    adadelta: 19,
    adam: 16,
    adamw: 17,
    adamax: 13,
    nadam: 19,
    'nadam-decoupled': 19,
    radam: 16,
    'radam-decoupled': 16,
    rmsprop: 14,
    'rmsprop-eps-inside': 14,
    adagrad: 10,
    rprop: 32,
    ademamix: 23,
    adopt: 16,
    adamc: 17,
    'stable-adamw': 25,
    grokadamw: 28,
    adan: 25,
    'adam-mini': 27,
    'schedule-free-sgd': 32,
    'schedule-free-adamw': 40,
    'schedule-free-radam': 40,
    lion: 16,
    sophia: 17,
    'adafactor-hf': 31,
    'adafactor-hf-scale': 38,
    'adafactor-hf-relative': 31,
    'adafactor-hf-scale-relative': 38,
    'adafactor-torch': 44,
    came: 53,
    adalomo: 38,
    lamb: 36,
    lars: 29,
    'bnb-lamb': 34,
    'bnb-lars': 25,
    prodigy: 53,
    'prodigy-coupled': 53,
    'dadapt-adam': 53,
    'dadapt-adam-decoupled': 53,
    'dadapt-adam-preprint': 57,
    'dadapt-adam-preprint-decoupled': 57,
    'dadapt-sgd': 31,
    'dadapt-adan': 66,
    'dadapt-adan-ip': 62,
    'dadapt-adagrad': 39,
    automagic: 49,
    automagic3: 60,
    muon: 59,
    shampoo: 17,
    soap: 37,
    dion: 30,
    sinkgd: 130,
    galore: 21,
    apollo: 38,
    'lora-fa': 26,
  } satisfies Readonly<Record<string, number>> as Readonly<Record<string, number>>,
  /** For an optimizer that is not in the table. */
  otherOptimizer: 40,
} as const;

/**
 * What some optimizers do in JavaScript beside it, for each matrix and step, in nanoseconds: for each of its numbers, or
 * for the cube of each of its sides (roots and vectors of their squares). Told from what their steps take beyond the rest.
 */
export const OWN_NS: Readonly<Record<string, { number: number } | { cube: number }>> = {
  rprop: { number: 300 },
  shampoo: { cube: 22 },
  soap: { cube: 20 },
  galore: { cube: 1 },
  dion: { cube: 1 },
};

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
