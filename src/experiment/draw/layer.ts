import type { ExperimentSpec } from '../spec';
import { drawAdapter, kaiming, type FreshFactors } from './adapter';
import { outputs } from './outputs';
import { fill, firstOf, randomOf, type Random } from './random';

/**
 * One square layer with LoRA and its targets, drawn in JavaScript so that every variant on every backend starts from
 * the same bits. All matrices are row-major float32.
 */
export interface LayerProblem {
  /** Rows of a mini-batch. */
  batch: number;
  /** Mini-batches, taken in turn. */
  batches: number;
  width: number;
  rank: number;
  /** W0, [width, width]: the same in all draws. */
  frozen: Float32Array;
  /** At least one. */
  draws: readonly LayerDraw[];
}

/** What differs from draw to draw. */
export interface LayerDraw {
  /** Inputs x, [batches, batch, width]. */
  inputs: Float32Array;
  /** Targets y, [batches, batch, width]. */
  targets: ArrayLike<number>;
  adapter: FreshFactors;
}

export type LayerSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'batches' | 'rank' | 'seeds' | 'data'>;

/** W0 from the first seed; inputs, targets and A of each draw from its own. */
export function drawLayer({ width, batch, batches, rank, seeds, data }: LayerSizes): LayerProblem {
  const frozen = kaiming(randomOf(firstOf(seeds)), width, width);
  const rows = batches * batch;
  const draws = seeds.map((seed): LayerDraw => {
    const random = randomOf(seed);
    // Skips the random numbers of this seed's own W0.
    kaiming(random, width, width);
    const inputs = fill(rows * width, () => data.inputScale * random.normal());
    const targets =
      data.target === 'noise'
        ? fill(rows * width, () => data.targetScale * random.normal())
        : outputs(inputs, changed(frozen, width, data.targetScale, random), rows, width);
    return { inputs, targets, adapter: drawAdapter(random, rank, width, width) };
  });
  return { batch, batches, width, rank, frozen, draws };
}

/** W0·x − y, [rows, width], summed in float64: all that the loss needs of the frozen layer. */
export function residualOf(frozen: Float32Array, { inputs, targets }: Omit<LayerDraw, 'adapter'>): Float32Array {
  const width = Math.sqrt(frozen.length);
  const plain = outputs(inputs, frozen, inputs.length / width, width);
  return Float32Array.from(plain, (value, i) => value - (targets[i] ?? 0));
}

/** The frozen matrix plus a random map from inputs of size 1 to outputs of size `scale`. */
function changed(frozen: Float32Array, width: number, scale: number, random: Random): Float64Array {
  const size = scale / Math.sqrt(width);
  return Float64Array.from(frozen, (value) => value + size * random.normal());
}
