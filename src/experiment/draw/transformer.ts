import type { ExperimentSpec, Projection } from '../spec';
import { drawAdapter, type InitialAdapter, firstOf, randomOf, type Random, fill } from './random';
import { drawDialect, drawTexts, type Dialect } from './language';
import { BLOCK, layerShape, modelShapeOf, projectionsOf, type ModelShape } from '../tasks/transformer/model-shape';

/** A frozen decoder, and the data for LoRA in each draw. */
export interface TransformerProblem {
  /** Texts of a mini-batch. */
  batch: number;
  /** Mini-batches, taken in turn. */
  batches: number;
  rank: number;
  model: Model;
  draws: readonly TransformerDraw[];
}

export interface TransformerDraw {
  /** Input of the first block, [batches, batch, sequence, width]. */
  inputs: Float32Array;
  /** The target token at each position, [batches, batch, sequence]. */
  targets: ArrayLike<number>;
  /** Adapters of each block. */
  adapters: readonly Readonly<Partial<Record<Projection, InitialAdapter>>>[];
}

type TransformerSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'batches' | 'rank' | 'seeds' | 'sizes' | 'block'>;

/** Determined by the first seed: both dialects, and the random numbers of the model's weights and texts. */
interface Language {
  /** The dialect of pretraining. */
  known: Dialect;
  /** The dialect that LoRA learns. */
  foreign: Dialect;
  random: Random;
}

export function languageOf(spec: Pick<ExperimentSpec, 'seeds' | 'width' | 'sizes' | 'block'>): Language {
  // Independent of the random numbers of the first draw.
  const random = randomOf(~firstOf(spec.seeds));
  const { vocabulary } = modelShapeOf(spec);
  return { known: drawDialect(random, vocabulary), foreign: drawDialect(random, vocabulary), random };
}

/**
 * Draws texts in the foreign dialect and adapters, separately for each seed.
 * @param model the pretrained base
 */
export function drawTransformer(spec: TransformerSizes, model: LanguageModel): TransformerProblem {
  const { batch, batches, rank, seeds, block = BLOCK } = spec;
  const { shape } = model;
  const { foreign } = languageOf(spec);
  const draws = seeds.map((seed): TransformerDraw => {
    const random = randomOf(seed);
    const adapters = model.blocks.map(() =>
      Object.fromEntries(
        block.targets.map((projection) => {
          const { inputs, outputs } = layerShape(projection, shape);
          return [projection, drawAdapter(random, rank, inputs, outputs)];
        }),
      ),
    );
    const { seen, said } = lessonOf(drawTexts(random, foreign, batches * batch, shape.sequence), shape.sequence);
    return { inputs: embedded(model, seen), targets: said, adapters };
  });
  return { batch, batches, rank, model, draws };
}

/** Splits texts of sequence + 1 tokens into inputs and targets, [texts, sequence] each. */
export function lessonOf(texts: readonly number[], sequence: number): { seen: number[]; said: number[] } {
  const place = (i: number): number => i % (sequence + 1);
  return {
    seen: texts.filter((_, i) => place(i) < sequence),
    said: texts.filter((_, i) => place(i) > 0),
  };
}

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
