import { layerShape, projectionsOf, type ModelShape } from '../tasks/transformer/model-shape';
import type { Projection } from '../spec';
import { fill, type Random } from './random';

/** The frozen matrices of a decoder from its first block on; row-major float32, [outputs, inputs] each. */
export interface Model {
  shape: ModelShape;
  blocks: readonly Readonly<Partial<Record<Projection, Float32Array>>>[];
  /** [vocabulary, width] */
  head: Float32Array;
}

/** A decoder with embeddings. Positions are added to the token embeddings once, not at every step. */
export interface LanguageModel extends Model {
  /** [vocabulary, width] */
  embedding: Float32Array;
  /** [sequence, width] */
  positions: Float32Array;
}

/** A random model, whose matrices keep the size of activations. */
export function drawModel(random: Random, shape: ModelShape): LanguageModel {
  const { vocabulary, width, sequence, layers } = shape;
  const matrix = (rows: number, columns: number, size = 1 / Math.sqrt(columns)): Float32Array =>
    fill(rows * columns, () => size * random.normal());
  const block = (): Model['blocks'][number] =>
    Object.fromEntries(
      projectionsOf(shape).map((projection) => {
        const { outputs, inputs } = layerShape(projection, shape);
        return [projection, matrix(outputs, inputs)];
      }),
    );
  return {
    shape,
    embedding: matrix(vocabulary, width, 1),
    positions: matrix(sequence, width, 1 / 2),
    blocks: Array.from({ length: layers }, block),
    head: matrix(vocabulary, width),
  };
}

/** Input of the first block: token vector plus position vector, [texts, sequence, width]. */
export function embedded({ embedding, positions, shape }: LanguageModel, tokens: readonly number[]): Float32Array {
  const { width, sequence } = shape;
  return Float32Array.from({ length: tokens.length * width }, (_, i) => {
    const place = Math.floor(i / width);
    const column = i % width;
    const token = tokens[place] ?? 0;
    return (embedding[token * width + column] ?? 0) + (positions[(place % sequence) * width + column] ?? 0);
  });
}
