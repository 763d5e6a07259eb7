import type { ExperimentSpec } from '../spec';
import { drawAdapter, kaiming, type FreshFactors } from './adapter';
import type { LayerProblem } from './layer';
import { outputs } from './outputs';
import { fill, firstOf, randomOf, type Random } from './random';

/** Linear layers with LoRA, one after the other, with `tanh` between. All matrices are row-major float32. */
export interface MlpProblem {
  /** Rows of a mini-batch. */
  batch: number;
  /** Mini-batches, taken in turn. */
  batches: number;
  rank: number;
  /** From the first to the last; the same in all draws. */
  layers: readonly MlpLayer[];
  /** At least one. */
  draws: readonly MlpDraw[];
}

export interface MlpLayer {
  inputs: number;
  outputs: number;
  /** W0, [outputs, inputs]. */
  frozen: Float32Array;
}

/** What differs from draw to draw. */
export interface MlpDraw {
  /** [batches, batch, inputs of the first layer] */
  inputs: Float32Array;
  /** [batches, batch, outputs of the last layer] */
  targets: ArrayLike<number>;
  /** The initial adapter of each layer. */
  adapters: readonly FreshFactors[];
}

export type MlpSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'batches' | 'rank' | 'seeds' | 'data' | 'sizes'>;

/**
 * Frozen layers, from `width` to `hidden` and back, from the first seed; inputs, targets (`map`: a random linear map of
 * the input) and every A of each draw from its own.
 */
export function drawMlp({ width, batch, batches, rank, seeds, data, sizes }: MlpSizes): MlpProblem {
  const { hidden = 2 * width, layers: count = 2 } = sizes ?? {};
  const widths = [width, ...new Array<number>(count - 1).fill(hidden), width];
  const layers = layersOf(randomOf(firstOf(seeds)), widths);
  const rows = batches * batch;
  const size = data.targetScale / Math.sqrt(width);
  const draws = seeds.map((seed): MlpDraw => {
    const random = randomOf(seed);
    // Skips the random numbers of this seed's own frozen layers.
    layersOf(random, widths);
    const inputs = fill(rows * width, () => data.inputScale * random.normal());
    const map = (): Float32Array => fill(width * width, () => size * random.normal());
    const targets =
      data.target === 'noise'
        ? fill(rows * width, () => data.targetScale * random.normal())
        : Float32Array.from(outputs(inputs, map(), rows, width));
    return { inputs, targets, adapters: layers.map((layer) => drawAdapter(random, rank, layer.inputs, layer.outputs)) };
  });
  return { batch, batches, rank, layers, draws };
}

/** A single layer as an MLP. */
export function mlpOf({ batch, batches, width, rank, frozen, draws }: LayerProblem): MlpProblem {
  const layers = [{ inputs: width, outputs: width, frozen }];
  return {
    batch,
    batches,
    rank,
    layers,
    draws: draws.map(({ adapter, ...rest }) => ({ ...rest, adapters: [adapter] })),
  };
}

function layersOf(random: Random, widths: readonly number[]): MlpLayer[] {
  return widths.slice(1).map((outputs, i) => {
    const inputs = widths[i] ?? outputs;
    return { inputs, outputs, frozen: kaiming(random, outputs, inputs) };
  });
}
