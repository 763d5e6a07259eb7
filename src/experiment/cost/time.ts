import type { BackendId, ExperimentSpec } from '../spec';
import type { OptimizerId } from '../../recipe/optimizers/optimizers';
import { BLOCK, layerShape, modelShapeOf, projectionsOf } from '../tasks/transformer/model';
import { backendsFor } from '../backends/backend';

/**
 * The measured costs of an experiment, in processor time of one core of a server of 2024; `npm run costs` prints them
 * beside the predicted ones. On WebAssembly the transformer took between half and twice the predicted time under 51 of
 * 58 optimizers. Smaller tasks took up to ten times as long under optimizers of many small operations: 2 ms a step.
 */

/** Additional compile time of a task with more than one layer, in milliseconds. */
const COMPILE_MS: Readonly<Record<ExperimentSpec['task'], number>> = { linear: 0, mlp: 100, transformer: 300 };

/** One pretraining step relative to one step of one variant: all weights train, on more texts. */
const PRETRAINING_SHARE = 0.8;

interface BackendCost {
  /** Milliseconds to start the first run of a new process: backend and uncompiled code. */
  startMs: number;
  /** Milliseconds of a step, whatever its sizes. */
  stepMs: Readonly<Record<ExperimentSpec['task'], number>>;
  /** Nanoseconds for each number that a layer or the attention gives. */
  elementNs: number;
  /** Nanoseconds for each multiplication in a matrix product. */
  productNs: number;
}

/** The numbers of webgl are estimates; nothing is chosen by them. */
export const BACKENDS: Readonly<Record<BackendId, BackendCost>> = {
  wasm: { startMs: 180, stepMs: { linear: 0.15, mlp: 0.42, transformer: 0.6 }, elementNs: 1.1, productNs: 0.04 },
  cpu: { startMs: 250, stepMs: { linear: 0.06, mlp: 0.6, transformer: 0 }, elementNs: 0, productNs: 12 },
  webgl: { startMs: 1500, stepMs: { linear: 2, mlp: 8, transformer: 20 }, elementNs: 1, productNs: 1 },
};

/** What a step of an optimizer takes beyond what the operations of every optimizer do. */
interface OptimizerCost {
  /** Nanoseconds of plain JavaScript for each number of a matrix, and for the cube of each of its sides. */
  nsPerNumber?: number;
  nsPerCube?: number;
  /** Copies it keeps of the square matrices of both sides of a matrix, at the height of a step. */
  squares?: number;
  /** It projects the gradient to this many rows whatever the rank, and keeps this many copies of that. */
  projections?: { rows: number; copies: number };
}

const COSTS: Readonly<Partial<Record<OptimizerId, OptimizerCost>>> = {
  rprop: { nsPerNumber: 300 },
  shampoo: { nsPerCube: 22, squares: 12 },
  soap: { nsPerCube: 20, squares: 14 },
  dion: { nsPerCube: 1 },
  galore: { nsPerCube: 1 },
  apollo: { projections: { rows: 128, copies: 24 } },
};

/** @param row an optimizer's id; most have no cost of their own */
export function optimizerCost(row: string): OptimizerCost {
  return (Object.hasOwn(COSTS, row) ? COSTS[row as OptimizerId] : undefined) ?? {};
}

export interface LinearLayer {
  inputs: number;
  outputs: number;
  /** Whether LoRA trains it. */
  trained: boolean;
}

type Sizes = Pick<ExperimentSpec, 'task' | 'width' | 'sizes' | 'block'>;

/**
 * Every linear layer of the task in order, without the head.
 * @throws Error for sizes that a transformer cannot have
 */
export function linearLayers(spec: Sizes): LinearLayer[] {
  const { width } = spec;
  if (spec.task === 'linear') return [{ inputs: width, outputs: width, trained: true }];
  if (spec.task === 'mlp') {
    const { hidden = 2 * width, layers = 2 } = spec.sizes ?? {};
    const widths = [width, ...Array.from({ length: layers - 1 }, () => hidden), width];
    return widths.slice(1).map((outputs, i) => ({ inputs: widths[i] ?? width, outputs, trained: true }));
  }
  const shape = modelShapeOf(spec);
  const { targets } = spec.block ?? BLOCK;
  const block = projectionsOf(shape).map((projection) => {
    return { ...layerShape(projection, shape), trained: targets.includes(projection) };
  });
  return Array.from({ length: shape.layers }, () => block).flat();
}

export function rowsPerStep(spec: Sizes & Pick<ExperimentSpec, 'batch'>): number {
  return spec.task === 'transformer' ? spec.batch * modelShapeOf(spec).sequence : spec.batch;
}

/** What decides the time of a step: numbers that layers, attention and logits give, and multiplications in products. */
export type Work = Record<'elements' | 'products', number>;

export type Costed = Omit<ExperimentSpec, 'variants'> & { variants: { readonly length: number } };

/** Estimates the work of one step: both passes. Clipping and most optimizers are small beside them. */
export function stepWork(spec: Costed): Work {
  const { task, rank, variants, useDora, width, batch } = spec;
  const rows = rowsPerStep(spec);
  let [elements, products] = [0, 0];
  linearLayers(spec).forEach(({ inputs, outputs, trained }, i) => {
    elements += rows * (4 * outputs + (trained ? 4 * rank : 0));
    if (trained) products += 3 * rows * rank * (inputs + outputs);
    // The input of the first layer is constant, so its frozen product is computed once; not with DoRA.
    const isConstant = task !== 'transformer' && i === 0 && !useDora;
    if (!isConstant) products += 2 * rows * inputs * outputs;
  });
  // Attention, norms and cross entropy.
  if (task === 'transformer') {
    const { sequence, heads, vocabulary, layers } = modelShapeOf(spec);
    const scores = batch * sequence ** 2;
    elements += layers * (12 * scores * heads + 40 * rows * width) + 10 * rows * vocabulary;
    products += layers * 6 * scores * width + 2 * rows * width * vocabulary;
  }
  return { elements: variants.length * elements, products: variants.length * products };
}

/**
 * Estimates the processor time of a run in a fresh process.
 * @returns milliseconds of the whole run, and of its steps alone, which grow with the number of variants
 * @throws Error for sizes that a transformer cannot have
 */
export function costOf(spec: Costed, backend: BackendId): { ms: number; ofSteps: number } {
  const { task, variants, fit, steps, block } = spec;
  const { startMs, stepMs, elementNs, productNs } = BACKENDS[backend];
  const ofVariants = (count: number): number => {
    const { elements, products } = stepWork({ ...spec, variants: { length: count } });
    return stepMs[task] + (elements * elementNs + products * productNs + count * ownNs(spec)) * 1e-6;
  };
  const ofSteps = steps * (ofVariants(variants.length) + (fit ? ofVariants(fit.count) : 0));
  const ofBase = task === 'transformer' ? (block?.pretrainSteps ?? 0) * PRETRAINING_SHARE * ofVariants(1) : 0;
  return { ms: startMs + COMPILE_MS[task] + ofBase + ofSteps, ofSteps };
}

/** The cost on the backend that the spec names, or that `auto` tries first. */
export function usualCostOf(spec: Costed): { ms: number; ofSteps: number } {
  const [first = 'cpu'] = [backendsFor(spec)].flat();
  return costOf(spec, first);
}

/** Nanoseconds of plain JavaScript that the optimizer takes in a step of one variant. */
function ownNs({ rank, optimizer, ...spec }: Costed): number {
  const { nsPerNumber = 0, nsPerCube = 0 } = optimizerCost(optimizer.row);
  const sides = linearLayers(spec).flatMap(({ inputs, outputs, trained }) => (trained ? [inputs, outputs] : []));
  return sides.reduce((sum, side) => sum + nsPerNumber * rank * side + nsPerCube * (rank ** 3 + side ** 3), 0);
}
