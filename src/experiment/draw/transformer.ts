import type { ExperimentSpec, Projection } from '../spec';
import { adapterRandom, drawAdapter, type InitialAdapter, firstOf, randomOf, type Random, fill } from './random';
import { drawDialect, drawTexts, type Dialect } from './language';
import { BLOCK, layerShape, matrixOf, modelShapeOf, modelWith } from '../tasks/transformer/model';
import type { LanguageModel, ModelShape } from '../tasks/transformer/model';

/** A frozen decoder, and the data for LoRA in each draw. */
export interface TransformerProblem extends Pick<ExperimentSpec, 'batch' | 'batches' | 'rank'> {
  model: LanguageModel;
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

type TransformerSizes = Pick<
  ExperimentSpec,
  'width' | 'batch' | 'batches' | 'rank' | 'nested' | 'seeds' | 'sizes' | 'block'
>;

/**
 * Determined by the first seed: the dialect of pretraining, that which LoRA learns, and the random numbers of the
 * model.
 */
type Language = Record<'known' | 'foreign', Dialect> & { random: Random };

export function languageOf(spec: Pick<ExperimentSpec, 'seeds' | 'width' | 'sizes' | 'block'>): Language {
  // Independent of the random numbers of the first draw.
  const random = randomOf(~firstOf(spec.seeds));
  const { vocabulary } = modelShapeOf(spec);
  return { known: drawDialect(random, vocabulary), foreign: drawDialect(random, vocabulary), random };
}

/** Texts in the foreign dialect and adapters, drawn for each seed. @param model the pretrained base */
export function drawTransformer(spec: TransformerSizes, model: LanguageModel): TransformerProblem {
  const { batch, batches, rank, seeds, block = BLOCK } = spec;
  const { shape } = model;
  const { foreign } = languageOf(spec);
  const draws = seeds.map((seed): TransformerDraw => {
    const random = randomOf(seed);
    const adapter = (projection: Projection, layer: string): [Projection, InitialAdapter] => {
      const { inputs, outputs } = layerShape(projection, shape);
      return [projection, drawAdapter(adapterRandom(random, spec, seed, layer), rank, inputs, outputs)];
    };
    const adapters = Array.from({ length: shape.layers }, (_, i) =>
      Object.fromEntries(block.targets.map((projection) => adapter(projection, `${projection}${i}`))),
    );
    const { seen, said } = lessonOf(drawTexts(random, foreign, batches * batch, shape.sequence), shape.sequence);
    return { inputs: embedded(model, seen), targets: said, adapters };
  });
  return { batch, batches, rank, model, draws };
}

/** Texts of sequence + 1 tokens as inputs and targets, [texts, sequence] each. */
export function lessonOf(texts: readonly number[], sequence: number): { seen: number[]; said: number[] } {
  const position = (i: number): number => i % (sequence + 1);
  return { seen: texts.filter((_, i) => position(i) < sequence), said: texts.filter((_, i) => position(i) > 0) };
}

/** A random model, whose matrices keep the size of activations. */
export function drawModel(random: Random, shape: ModelShape): LanguageModel {
  const sizes: Partial<Record<string, number>> = { embedding: 1, positions: 1 / 2 };
  return modelWith(shape, (name, rows, columns) => {
    const size = sizes[name] ?? 1 / Math.sqrt(columns);
    return fill(rows * columns, () => size * random.normal());
  });
}

/** Input of the first block: token vector plus position vector, [texts, sequence, width]. */
export function embedded(model: LanguageModel, tokens: readonly number[]): Float32Array {
  const { width, sequence } = model.shape;
  const [embedding, positions] = [matrixOf(model, 'embedding'), matrixOf(model, 'positions')];
  return Float32Array.from({ length: tokens.length * width }, (_, i) => {
    const position = Math.floor(i / width);
    const column = i % width;
    const token = tokens[position] ?? 0;
    return (embedding[token * width + column] ?? 0) + (positions[(position % sequence) * width + column] ?? 0);
  });
}
