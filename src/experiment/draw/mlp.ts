import type { ExperimentSpec } from '../spec';
import {
  adapterRandom,
  drawAdapter,
  kaiming,
  type InitialAdapter,
  fill,
  firstOf,
  randomOf,
  type Random,
} from './random';

/**
 * Linear layers with LoRA, one after the other, with `tanh` between, and their targets; drawn in JavaScript so that
 * every variant on every backend starts from the same bits. All matrices are row-major float32.
 */
export interface MlpProblem extends Pick<ExperimentSpec, 'batch' | 'batches' | 'rank'> {
  /** From the first to the last; the same in all draws. */
  layers: readonly [MlpLayer, ...MlpLayer[]];
  draws: readonly MlpDraw[];
}

/** `frozen`: W0, [outputs, inputs]. */
export interface MlpLayer {
  inputs: number;
  outputs: number;
  frozen: Float32Array;
}

export interface MlpDraw {
  /** [batches, batch, inputs of the first layer] */
  inputs: Float32Array;
  /** [batches, batch, outputs of the last layer] */
  targets: ArrayLike<number>;
  /** The initial adapter of each layer. */
  adapters: readonly InitialAdapter[];
}

type LayerSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'batches' | 'rank' | 'nested' | 'seeds' | 'data'>;

/** One square layer. The targets `map` are those of W0 plus a random map. */
export function drawLayer(sizes: LayerSizes): MlpProblem {
  const { width } = sizes;
  return drawProblem(sizes, [width, width], (normal, [{ frozen }]) =>
    Float64Array.from(frozen, (value) => value + normal()),
  );
}

/** Layers from `width` to `hidden` and back. The targets `map` are a random map of the inputs. */
export function drawMlp({ sizes = {}, ...rest }: LayerSizes & Pick<ExperimentSpec, 'sizes'>): MlpProblem {
  const { width } = rest;
  const { hidden = 2 * width, layers: count = 2 } = sizes;
  const widths = [width, ...new Array<number>(count - 1).fill(hidden), width];
  return drawProblem(rest, widths, (normal) => fill(width * width, normal));
}

/**
 * Frozen layers from the first seed; inputs, targets and every A of each draw from its own.
 * @param mapOf random numbers, which make inputs of size 1 outputs of the targets' size
 */
function drawProblem(
  { width, batch, batches, rank, seeds, data, ...nesting }: LayerSizes,
  widths: readonly number[],
  mapOf: (normal: () => number, layers: MlpProblem['layers']) => ArrayLike<number>,
): MlpProblem {
  const layers = layersOf(randomOf(firstOf(seeds)), widths);
  const rows = batches * batch;
  const size = data.targetScale / Math.sqrt(width);
  const draws = seeds.map((seed): MlpDraw => {
    const random = randomOf(seed);
    // Skips the random numbers of this seed's own frozen layers.
    layersOf(random, widths);
    const inputs = fill(rows * width, () => data.inputScale * random.normal());
    const mapped = (): ArrayLike<number> => {
      const map = mapOf(() => size * random.normal(), layers);
      return outputs(inputs, map, rows, width);
    };
    const noise = (): Float32Array => fill(rows * width, () => data.targetScale * random.normal());
    const targets = data.target === 'noise' ? noise() : mapped();
    const adapters = layers.map((layer, i) =>
      drawAdapter(adapterRandom(random, nesting, seed, String(i)), rank, layer.inputs, layer.outputs),
    );
    return { inputs, targets, adapters };
  });
  return { batch, batches, rank, layers, draws };
}

function layersOf(random: Random, widths: readonly number[]): MlpProblem['layers'] {
  return widths.slice(1).map((outputs, i) => {
    const inputs = widths[i] ?? outputs;
    return { inputs, outputs, frozen: kaiming(random, outputs, inputs) };
  }) as [MlpLayer, ...MlpLayer[]];
}

/** inputs · mapᵀ in float64: [batch, width] and [width, width] to [batch, width]. */
export function outputs(inputs: ArrayLike<number>, map: ArrayLike<number>, batch: number, width: number): Float64Array {
  const result = new Float64Array(batch * width);
  for (let row = 0; row < batch; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let i = 0; i < width; i++) sum += (inputs[row * width + i] ?? 0) * (map[column * width + i] ?? 0);
      result[row * width + column] = sum;
    }
  }
  return result;
}
