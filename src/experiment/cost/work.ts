import { modelShapeOf } from '../tasks/transformer/model-shape';
import { linearLayers, rowsPerStep, type LinearLayer } from './linear-layers';
import type { ExperimentSpec } from '../spec';

/** The quantities that decide the time of a step. */
export interface Work {
  /** Numbers that layers, attention and logits give. */
  elements: number;
  /** Multiplications in matrix products. */
  products: number;
}

/** A spec, also before its variants are made. */
export type Costed = Omit<ExperimentSpec, 'variants'> & { variants: { readonly length: number } };

/** Estimates the work of one step: both passes. Clipping and most optimizers are small beside them. */
export function stepWork(spec: Costed): Work {
  const { task, rank, variants, useDora } = spec;
  const rows = rowsPerStep(spec);
  const layers = linearLayers(spec);
  const sum = (of: readonly LinearLayer[], size: (layer: LinearLayer) => number): number =>
    of.reduce((total, layer) => total + size(layer), 0);
  const passed = sum(layers, ({ outputs, trained }) => rows * (4 * outputs + (trained ? 4 * rank : 0)));
  const lora = sum(layers, ({ inputs, outputs, trained }) => (trained ? 3 * rows * rank * (inputs + outputs) : 0));
  // The input of the first layer is constant, so its frozen product is computed once; not with DoRA.
  const inside = task === 'linear' ? [] : task === 'mlp' ? layers.slice(1) : layers;
  const frozen = sum(useDora ? layers : inside, ({ inputs, outputs }) => 2 * rows * inputs * outputs);
  const beside = task === 'transformer' ? besideLayers(spec, rows) : { elements: 0, products: 0 };
  return {
    elements: variants.length * (passed + beside.elements),
    products: variants.length * (lora + frozen + beside.products),
  };
}

/** Work of attention, norms and cross entropy, for one variant. */
function besideLayers(spec: Costed, rows: number): Work {
  const { width, sequence, heads, vocabulary, layers } = modelShapeOf(spec);
  const scores = spec.batch * sequence ** 2;
  return {
    elements: layers * (12 * scores * heads + 40 * rows * width) + 10 * rows * vocabulary,
    products: layers * 6 * scores * width + 2 * rows * width * vocabulary,
  };
}
