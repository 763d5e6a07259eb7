import { KERNELS } from './cost-table';
import { modelShapeOf } from '../tasks/transformer/model-shape';
import { linearLayers, rowsPerStep, type LinearLayer } from './linear-layers';
import { optimizerCost } from './optimizer-costs';
import type { ExperimentSpec } from '../spec';

/** The quantities that decide the time of a step. */
export interface Work {
  /** Started operations, of any size. */
  kernels: number;
  /** Output numbers of elementwise operations. */
  elements: number;
  /** Multiplications in matrix products. */
  products: number;
}

/** A spec, also before its variants are made. */
export type Costed = Omit<ExperimentSpec, 'variants'> & { variants: { readonly length: number } };

/** Estimates the work of one step: both passes, clipping and the optimizer. */
export function stepWork(spec: Costed): Work {
  const { task, rank, dropout, variants, useDora } = spec;
  const rows = rowsPerStep(spec);
  const layers = linearLayers(spec);
  const trained = layers.filter((layer) => layer.trained);
  // Matrices of one shape share a block.
  const blocks = new Set(trained.flatMap(({ inputs, outputs }) => [inputs, outputs])).size + (useDora ? 1 : 0);
  const perBlock = optimizerCost(spec.optimizer.row).kernels;
  const perLayer = (useDora ? KERNELS.dora : 0) + (dropout > 0 ? KERNELS.dropout : 0);
  const sum = (of: readonly LinearLayer[], size: (layer: LinearLayer) => number): number =>
    of.reduce((total, layer) => total + size(layer), 0);
  const weights = sum(trained, ({ inputs, outputs }) => rank * (inputs + outputs));
  const passed = sum(layers, ({ outputs, trained: hasLora }) => rows * (4 * outputs + (hasLora ? 4 * rank : 0)));
  const lora = sum(trained, ({ inputs, outputs }) => 3 * rows * rank * (inputs + outputs));
  // The input of the first layer is constant, so its frozen product is computed once; not with DoRA.
  const inside = task === 'linear' ? [] : task === 'mlp' ? layers.slice(1) : layers;
  const frozen = sum(useDora ? layers : inside, ({ inputs, outputs }) => 2 * rows * inputs * outputs);
  const beside = task === 'transformer' ? besideLayers(spec, rows) : { elements: 0, products: 0 };
  return {
    kernels:
      KERNELS.tasks[task] +
      (trained.length - 1) * KERNELS.layers[task] +
      trained.length * perLayer +
      blocks * (perBlock + KERNELS.clip),
    elements: variants.length * (passed + beside.elements + weights * (perBlock + 4)),
    products: variants.length * (lora + frozen + beside.products),
  };
}

/** Work of attention, norms and cross entropy, for one variant. */
function besideLayers(spec: Costed, rows: number): Omit<Work, 'kernels'> {
  const { width, sequence, heads, vocabulary, layers } = modelShapeOf(spec);
  const scores = spec.batch * sequence ** 2;
  return {
    elements: layers * (12 * scores * heads + 40 * rows * width) + 10 * rows * vocabulary,
    products: layers * 6 * scores * width + 2 * rows * width * vocabulary,
  };
}
