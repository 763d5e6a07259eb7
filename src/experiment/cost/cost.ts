import { backendsFor } from '../backends/order';
import { BACKENDS, COMPILE_MS, PRETRAINING_SHARE } from './cost-table';
import { linearLayers } from './linear-layers';
import { optimizerCost } from './optimizer-costs';
import type { BackendId } from '../spec';
import { stepWork, type Costed } from './work';

/**
 * Estimates the processor time of a run in a fresh process, from cost-table.ts.
 * @returns milliseconds of the whole run, and of its steps alone, which grow with the number of variants
 * @throws Error for sizes that a transformer cannot have
 */
export function costOf(spec: Costed, backend: BackendId): { ms: number; ofSteps: number } {
  const ofSteps = stepsMs(spec, backend);
  return { ms: BACKENDS[backend].startMs + COMPILE_MS[spec.task] + baseMs(spec, backend) + ofSteps, ofSteps };
}

function stepsMs(spec: Costed, backend: BackendId): number {
  const { fit, steps } = spec;
  const fitting = fit ? (1 + fit.rounds) * stepMs(spec, fit.count, backend) : 0;
  return steps * (stepMs(spec, spec.variants.length, backend) + fitting);
}

/** Pretraining of the transformer's base model. */
function baseMs(spec: Costed, backend: BackendId): number {
  if (spec.task !== 'transformer') return 0;
  return (spec.block?.pretrainSteps ?? 0) * PRETRAINING_SHARE * stepMs(spec, 1, backend);
}

/** The cost on the backend that the spec names, or that `auto` tries first. */
export function usualCostOf(spec: Costed): { ms: number; ofSteps: number } {
  const [first = 'cpu'] = [backendsFor(spec)].flat();
  return costOf(spec, first);
}

function stepMs(spec: Costed, count: number, backend: BackendId): number {
  const { stepMs: ofAnySize, elementNs, productNs } = BACKENDS[backend];
  const { elements, products } = stepWork({ ...spec, variants: { length: count } });
  return ofAnySize[spec.task] + (elements * elementNs + products * productNs + count * ownNs(spec)) * 1e-6;
}

/** Nanoseconds of plain JavaScript that the optimizer takes in a step of one variant. */
function ownNs({ rank, optimizer, ...spec }: Costed): number {
  const { nsPerNumber = 0, nsPerCube = 0 } = optimizerCost(optimizer.row);
  if (nsPerNumber === 0 && nsPerCube === 0) return 0;
  const sides = linearLayers(spec).flatMap(({ inputs, outputs, trained }) => (trained ? [inputs, outputs] : []));
  return sides.reduce((sum, side) => sum + nsPerNumber * rank * side + nsPerCube * (rank ** 3 + side ** 3), 0);
}
