import type { BackendId, ExperimentSpec } from '../../src/experiment/spec';
import { spec, variant } from '../unit/experiment/support/lab';

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
  const base = variant({ scaling: SCALING, a: factor, b: factor });
  return spec({
    ...{ width, batch, rank, steps, backend },
    data: { target: 'noise', inputScale: 1, targetScale: 1 },
    seeds: [1],
    optimizer: { row, betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    variants: Array.from({ length: count }, (_, i) => (i === 0 ? base : { ...base, name: `v${i}`, role: 'plan' })),
  });
}
