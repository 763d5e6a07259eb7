import { BACKENDS, MATRIX_US } from './cost-table';
import { linearLayers } from './linear-layers';
import type { BackendId } from './spec';
import { stepWork, type Costed } from './work';

/** A step of pretraining trains one model, but every weight of it. */
const PRETRAINING_SHARE = 1.2;

/**
 * What a run takes, from measured numbers (cost-table.ts): within a factor of two on the machine they were measured on.
 * @returns ms from the start of the backend to the last step
 * @throws Error for sizes that a transformer cannot have
 */
export function costOf(spec: Costed, backend: BackendId): { ms: number } {
  const { fit, steps, optimizer } = spec;
  const before =
    spec.task === 'transformer' ? (spec.block?.pretrainSteps ?? 0) * PRETRAINING_SHARE * stepMs(spec, 1, backend) : 0;
  const fitting = fit ? (1 + fit.rounds) * stepMs(spec, fit.count, backend) : 0;
  const own = (MATRIX_US[optimizer.row] ?? 0) * 1e-3 * spec.variants.length * matricesOf(spec);
  return {
    ms: BACKENDS[backend].startMs + before + steps * (stepMs(spec, spec.variants.length, backend) + own + fitting),
  };
}

/** What `auto` chooses among. WebGL is only taken by who asks for it: it is slow to start, and often no GPU is behind it. */
export const ANYWHERE: readonly BackendId[] = ['wasm', 'cpu'];

/** The backend a spec asks for; for `auto` those to try, the one that costs least first. */
export function backendsFor(spec: Costed): BackendId | readonly BackendId[] {
  if (spec.backend !== 'auto') return spec.backend;
  const cost = new Map(ANYWHERE.map((backend) => [backend, costOf(spec, backend).ms]));
  return ANYWHERE.toSorted((one, other) => (cost.get(one) ?? 0) - (cost.get(other) ?? 0));
}

/** What a run takes where its spec would have it. */
export function leastCostOf(spec: Costed): { ms: number } {
  const [best = 'cpu'] = [backendsFor(spec)].flat();
  return costOf(spec, best);
}

function stepMs(spec: Costed, count: number, backend: BackendId): number {
  const { kernelUs, elementNs, productNs } = BACKENDS[backend];
  const { kernels, elements, products } = stepWork({ ...spec, variants: { length: count } });
  return kernels * kernelUs * 1e-3 + (elements * elementNs + products * productNs) * 1e-6;
}

/** A and B of every layer with LoRA. */
function matricesOf(spec: Costed): number {
  return 2 * linearLayers(spec).filter(({ trained }) => trained).length;
}
