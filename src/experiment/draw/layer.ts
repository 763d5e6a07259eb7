import type { ExperimentSpec } from '../spec';
import { drawAdapter, kaiming, type Adapter } from './adapter';
import { outputs } from './outputs';
import { fill, firstOf, randomOf, type Random } from './random';

/**
 * One square layer with LoRA and the targets it is to reach, drawn once in JavaScript, so that every variant on every
 * backend starts from the same bits. All matrices are row-major float32.
 */
export interface LayerProblem extends Adapter {
  batch: number;
  width: number;
  rank: number;
  /** Inputs x, [batch, width]. */
  inputs: Float32Array;
  /** Targets y, [batch, width]. */
  targets: ArrayLike<number>;
  /** W0, [width, width]. */
  frozen: Float32Array;
}

export type LayerSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'rank' | 'seeds' | 'data'>;

/** W0, inputs, targets and A from one seed. */
export function drawLayer({ width, batch, rank, seeds, data }: LayerSizes): LayerProblem {
  const random = randomOf(firstOf(seeds));
  const frozen = kaiming(random, width, width);
  const inputs = fill(batch * width, () => data.inputScale * random.normal());
  const targets =
    data.target === 'noise'
      ? fill(batch * width, () => data.targetScale * random.normal())
      : outputs(inputs, changed(frozen, width, data.targetScale, random), batch, width);
  return { batch, width, rank, inputs, targets, frozen, ...drawAdapter(random, rank, width, width) };
}

/** W0·x − y, [batch, width], summed in float64. The frozen layer never changes, so this is all the loss needs of it. */
export function residualOf({ inputs, frozen, targets, batch, width }: Omit<LayerProblem, 'a' | 'b'>): Float32Array {
  return Float32Array.from(outputs(inputs, frozen, batch, width), (value, i) => value - (targets[i] ?? 0));
}

/** A frozen matrix plus a random map that turns inputs of size 1 into numbers of size `scale`. */
function changed(frozen: Float32Array, width: number, scale: number, random: Random): Float64Array {
  const size = scale / Math.sqrt(width);
  return Float64Array.from(frozen, (value) => value + size * random.normal());
}
