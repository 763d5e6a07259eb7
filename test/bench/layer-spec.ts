import type { BackendId, ExperimentSpec, VariantSpec } from '../../src/experiment/spec';

/** Rows, width and rank of the layer. */
export type LayerSize = readonly [batch: number, width: number, rank: number];

export const RATE = 1e-4;
export const SCALING = 8;

/** One layer under MSE with `count` variants that train alike, as far as a clock can tell. */
export function layerSpec(
  [batch, width, rank]: LayerSize,
  row: string,
  count: number,
  steps: number,
  backend: BackendId = 'wasm',
): ExperimentSpec {
  const factor = { lr: RATE, weightDecay: 0, constants: { eps: 1e-8 } };
  const variant = (i: number): VariantSpec => ({
    name: i === 0 ? 'base' : `v${i}`,
    role: i === 0 ? 'base' : 'plan',
    draw: 0,
    scaling: SCALING,
    init: { A: 1, B: 1 },
    gauge: { p: 1, q: 1 },
    a: factor,
    b: factor,
    maxGradNorm: null,
    maxGradValue: null,
    ulpSeed: null,
  });
  return {
    task: 'linear',
    useDora: false,
    width,
    batch,
    rank,
    batches: 1,
    dropout: 0,
    data: { target: 'noise', inputScale: 1, targetScale: 1 },
    loss: 'mse',
    seeds: [1],
    steps,
    optimizer: { row, betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    clipEps: 0,
    schedule: { kind: 'constant', warmupSteps: 0 },
    backend,
    variants: Array.from({ length: count }, (_, i) => variant(i)),
  };
}
