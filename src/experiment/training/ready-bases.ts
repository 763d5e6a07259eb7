import type { LanguageModel } from '../draw/model';
import { layerShape, projectionsOf, type ModelShape } from '../tasks/transformer/model-shape';

/** Bases that need no training any more, by what they are made from (`baseKey`). */
export interface ReadyBases {
  get(key: string): LanguageModel | undefined;
  /** Hears of each base that had to be trained. */
  keep?(key: string, base: LanguageModel): void;
}

/** All weights of a base, one matrix after the other. */
export function weightsOf({ shape, embedding, positions, blocks, head }: LanguageModel): Float32Array {
  const inBlocks = blocks.flatMap((block) => projectionsOf(shape).map((name) => block[name] ?? new Float32Array()));
  return Float32Array.from([embedding, positions, ...inBlocks, head].flatMap((matrix) => [...matrix]));
}

/**
 * The base with these weights.
 * @throws Error if they are not as many as the shape has
 */
export function baseWith(shape: ModelShape, weights: Float32Array): LanguageModel {
  const { vocabulary, width, sequence, layers } = shape;
  let read = 0;
  const matrix = (rows: number, columns: number): Float32Array => weights.slice(read, (read += rows * columns));
  const block = (): LanguageModel['blocks'][number] =>
    Object.fromEntries(
      projectionsOf(shape).map((name) => {
        const { outputs, inputs } = layerShape(name, shape);
        return [name, matrix(outputs, inputs)];
      }),
    );
  const base = {
    shape,
    embedding: matrix(vocabulary, width),
    positions: matrix(sequence, width),
    blocks: Array.from({ length: layers }, block),
    head: matrix(vocabulary, width),
  };
  if (read !== weights.length) throw new Error(`a base of ${read} weights was given ${weights.length}`);
  return base;
}
