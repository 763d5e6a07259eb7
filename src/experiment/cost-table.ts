import type { BackendId, ExperimentSpec } from './spec';

/**
 * What an experiment costs, in numbers that `npm run costs` measures and prints: kernels are counted by tfjs' own profile,
 * times are those of one core of a server of 2024 (processor time, best of several, so that a busy machine tells the same).
 * Another machine is faster or slower at all of them alike, which changes no choice between backends and tasks.
 */

/** Operations that tfjs starts at every step. */
export const KERNELS = {
  /** Of a task's passes, without its LoRA layers. */
  tasks: { linear: 8, mlp: 20, transformer: 112 } satisfies Readonly<Record<ExperimentSpec['task'], number>>,
  /** More for each LoRA layer. */
  layer: 14,
  /** More for each of them that is a DoRA layer, or has dropout. */
  dora: 20,
  dropout: 6,
  /** For each block of weights, where gradients are clipped. */
  clip: 8,
  /** For each block of weights, beside SGD's own. */
  optimizers: {
    sgd: 2,
    sgdw: 2,
    asgd: 3,
    adadelta: 16,
    adam: 13,
    adamw: 13,
    adamax: 10,
    nadam: 16,
    'nadam-decoupled': 16,
    radam: 15,
    'radam-decoupled': 15,
    rmsprop: 11,
    'rmsprop-eps-inside': 11,
    adagrad: 7,
    rprop: 29,
    ademamix: 19,
    adopt: 13,
    adamc: 13,
    'stable-adamw': 19,
    grokadamw: 24,
    adan: 22,
    'adam-mini': 24,
    'schedule-free-sgd': 29,
    'schedule-free-adamw': 37,
    'schedule-free-radam': 37,
    lion: 13,
    sophia: 13,
    'adafactor-hf': 28,
    'adafactor-hf-scale': 35,
    'adafactor-hf-relative': 28,
    'adafactor-hf-scale-relative': 35,
    'adafactor-torch': 40,
    came: 50,
    adalomo: 35,
    lamb: 33,
    lars: 26,
    'bnb-lamb': 31,
    'bnb-lars': 22,
    prodigy: 40,
    'prodigy-coupled': 40,
    'dadapt-adam': 40,
    'dadapt-adam-decoupled': 40,
    'dadapt-adam-preprint': 44,
    'dadapt-adam-preprint-decoupled': 44,
    'dadapt-sgd': 24,
    'dadapt-adan': 52,
    'dadapt-adan-ip': 48,
    'dadapt-adagrad': 34,
    automagic: 46,
    automagic3: 59,
    muon: 55,
    shampoo: 14,
    soap: 33,
    dion: 26,
    sinkgd: 127,
    galore: 18,
    apollo: 35,
    'lora-fa': 23,
  } satisfies Readonly<Record<string, number>> as Readonly<Record<string, number>>,
  /** For an optimizer that is not in the table. */
  otherOptimizer: 40,
} as const;

/** Matrices whose roots or vectors JavaScript computes, in microseconds a matrix and step. */
export const MATRIX_US: Readonly<Record<string, number>> = { shampoo: 60, soap: 40, galore: 40, dion: 20 };

export interface BackendCost {
  /** To start it and draw the problem, in milliseconds. */
  startMs: number;
  /** Microseconds for each kernel. */
  kernelUs: number;
  /** Nanoseconds for each number an elementwise kernel puts out. */
  elementNs: number;
  /** Nanoseconds for each multiplication in a product. */
  productNs: number;
}

/** webgl was not measured: nothing is chosen by it, and it stands for a start that takes seconds and kernels that are slow. */
export const BACKENDS: Readonly<Record<BackendId, BackendCost>> = {
  wasm: { startMs: 40, kernelUs: 10.6, elementNs: 0.33, productNs: 0.11 },
  cpu: { startMs: 5, kernelUs: 52, elementNs: 5.7, productNs: 3.9 },
  webgl: { startMs: 1500, kernelUs: 120, elementNs: 1, productNs: 1 },
};
