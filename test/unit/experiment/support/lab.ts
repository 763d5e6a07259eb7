import { resolve } from 'node:path';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { wasm } from '../../../../src/experiment/backends/wasm';
import { runExperiment, type RunOptions } from '../../../../src/experiment/run';
import type { ExperimentSpec, RunResult, VariantSpec } from '../../../../src/experiment/spec';
import type { Recipe } from '../../../../src/recipe/recipe';
import type { Field, Knobs } from '../../../../src/recipe/plans';

/** What tests of the experiment share: small specs and recipes, and a way to run them here. */

export const ASSETS = resolve(__dirname, '../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist');

export const quiet: RunOptions = {
  backends: [wasm, cpu],
  assets: ASSETS,
  isStopped: () => false,
  pause: () => Promise.resolve(),
  onStart: () => undefined,
  onPoints: () => undefined,
};

export function run(spec: ExperimentSpec, options: Partial<RunOptions> = {}): Promise<RunResult> {
  return runExperiment(spec, { ...quiet, ...options });
}

export function variant(fields: Partial<VariantSpec> = {}): VariantSpec {
  const hyper = { lr: 0.01, weightDecay: 0, eps: 1e-8 };
  return {
    name: 'base',
    role: 'base',
    scaling: 2,
    init: { A: 1, B: 1 },
    gauge: { p: 1, q: 1 },
    a: hyper,
    b: hyper,
    maxGradNorm: null,
    ulpSeed: null,
    ...fields,
  };
}

export function spec(fields: Partial<ExperimentSpec> = {}): ExperimentSpec {
  return {
    task: 'linear',
    width: 5,
    batch: 7,
    rank: 3,
    data: { target: 'map', inputScale: 1, targetScale: 0.5 },
    loss: 'mse',
    seed: 3,
    steps: 12,
    optimizer: { row: 'sgd', betas: [0.9, 0.999], momentum: 0, nesterov: false },
    clipEps: 0,
    schedule: { kind: 'constant', warmupSteps: 0 },
    backend: 'cpu',
    variants: [variant()],
    ...fields,
  };
}

export function recipe(fields: Partial<Recipe> = {}): Recipe {
  return {
    name: 'lora',
    rank: 16,
    alpha: 16,
    scalingRule: 'standard',
    scaling: 1,
    useDora: false,
    learningRate: 2e-4,
    lrA: null,
    lrB: null,
    loraplusLrRatio: null,
    optimizer: {
      name: 'adamw_torch',
      row: 'adamw',
      betas: [0.9, 0.999],
      eps: 1e-8,
      weightDecay: 0.01,
      momentum: null,
      nesterov: null,
    },
    maxGradNorm: 1,
    scheduler: 'cosine',
    warmup: 0.03,
    dropout: 0,
    init: 'kaiming-uniform',
    targetModules: null,
    ...fields,
  };
}

export const everyKnob: Knobs = {
  settable: new Set<Field>(['alpha', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm']),
};
