import { resolve } from 'node:path';
import { cpu } from '../../../../src/experiment/backends/cpu';
import { wasm } from '../../../../src/experiment/backends/wasm';
import { weightDeviations } from '../../../../src/experiment/verdict/deviations';
import { runExperiment, type RunOptions } from '../../../../src/experiment/run';
import type { ExperimentSpec, TrainedRun, VariantSpec } from '../../../../src/experiment/spec';

/** What tests of the experiment share: small specs, and a way to run them here. */

export const ASSETS = resolve(__dirname, '../../../../node_modules/@tensorflow/tfjs-backend-wasm/dist');

export const quiet: RunOptions = {
  backends: [wasm, cpu],
  assets: ASSETS,
  isStopped: () => false,
  pause: () => Promise.resolve(),
  onStart: () => undefined,
  onPoints: () => undefined,
};

export async function run(
  spec: ExperimentSpec,
  options: Partial<RunOptions> = {},
): Promise<TrainedRun & { weightDeviation: number[] }> {
  const trained = await runExperiment(spec, { ...quiet, ...options });
  return { ...trained, weightDeviation: weightDeviations(spec.variants, trained.weights) };
}

export function variant(fields: Partial<VariantSpec> = {}): VariantSpec {
  const hyper = { lr: 0.01, weightDecay: 0, constants: { eps: 1e-8 } };
  return {
    name: 'base',
    role: 'base',
    draw: 0,
    scaling: 2,
    init: { A: 1, B: 1 },
    gauge: { p: 1, q: 1 },
    a: hyper,
    b: hyper,
    maxGradValue: null,
    maxGradNorm: null,
    ulpSeed: null,
    ...fields,
  };
}

export function spec(fields: Partial<ExperimentSpec> = {}): ExperimentSpec {
  return {
    task: 'linear',
    useDora: false,
    width: 5,
    batch: 7,
    batches: 1,
    rank: 3,
    data: { target: 'map', inputScale: 1, targetScale: 0.5 },
    loss: 'mse',
    seeds: [3],
    dropout: 0,
    steps: 12,
    optimizer: { row: 'sgd', betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    clipEps: 0,
    schedule: { kind: 'constant', warmupSteps: 0 },
    backend: 'cpu',
    variants: [variant()],
    ...fields,
  };
}

/** A transformer of one variant whose base is trained for eight steps. */
export function smallTransformer(fields: Partial<ExperimentSpec> = {}): ExperimentSpec {
  return spec({
    task: 'transformer',
    loss: 'ce',
    width: 8,
    batch: 2,
    rank: 2,
    sizes: { hidden: 8, sequence: 4 },
    block: { norm: 'layer', gated: false, targets: ['q', 'up'], pretrainSteps: 8 },
    optimizer: { row: 'adamw', betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    variants: [variant()],
    ...fields,
  });
}
