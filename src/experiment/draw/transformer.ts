import type { ExperimentSpec, Projection } from '../spec';
import { drawAdapter, type InitialAdapter } from './adapter';
import { drawDialect, drawTexts, type Dialect } from './language';
import { embedded, type LanguageModel, type Model } from './model';
import { BLOCK, layerShape, modelShapeOf } from '../tasks/transformer/model-shape';
import { firstOf, randomOf, type Random } from './random';

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

export type TransformerSizes = Pick<
  ExperimentSpec,
  'width' | 'batch' | 'batches' | 'rank' | 'seeds' | 'sizes' | 'block'
>;

/** Determined by the first seed: both dialects, and the random numbers of the model's weights and texts. */
export interface Language {
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
