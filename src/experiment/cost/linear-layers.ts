import { BLOCK, layerShape, modelShapeOf, projectionsOf } from '../tasks/transformer/model-shape';
import type { ExperimentSpec } from '../spec';

/** The size of a linear layer. */
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
  const block = projectionsOf(shape).map((projection) => ({
    ...layerShape(projection, shape),
    trained: targets.includes(projection),
  }));
  return Array.from({ length: shape.layers }, () => block).flat();
}

/** Rows of a layer's input, in one step of one variant. */
export function rowsPerStep(spec: Sizes & Pick<ExperimentSpec, 'batch'>): number {
  return spec.task === 'transformer' ? spec.batch * modelShapeOf(spec).sequence : spec.batch;
}
