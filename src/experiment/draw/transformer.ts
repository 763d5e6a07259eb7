import type { ExperimentSpec, Projection } from '../spec';
import { drawAdapter, type Adapter } from './adapter';
import { drawDialect, drawTexts, type Dialect } from './language';
import { embedded, type LanguageModel, type Model } from './model';
import { BLOCK, layerShape, modelShapeOf } from '../tasks/transformer/model-shape';
import { firstOf, randomOf, type Random } from './random';

/** A frozen decoder, and what LoRA is to teach it in each draw. */
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
  /** What enters the first block, [batches, batch, sequence, width]. */
  inputs: Float32Array;
  /** The right token at each place, [batches, batch, sequence]. */
  targets: ArrayLike<number>;
  /** Where LoRA is, block by block. */
  adapters: readonly Readonly<Partial<Record<Projection, Adapter>>>[];
}

export type TransformerSizes = Pick<
  ExperimentSpec,
  'width' | 'batch' | 'batches' | 'rank' | 'seeds' | 'sizes' | 'block'
>;

/** What a spec's first seed decides: both dialects, and the randomness that the model's weights and texts come from. */
export interface Language {
  /** The base model speaks it. */
  known: Dialect;
  /** LoRA learns it. */
  foreign: Dialect;
  random: Random;
}

export function languageOf(spec: Pick<ExperimentSpec, 'seeds' | 'width' | 'sizes' | 'block'>): Language {
  // Not the numbers that the first draw comes from.
  const random = randomOf(~firstOf(spec.seeds));
  const { vocabulary } = modelShapeOf(spec);
  return { known: drawDialect(random, vocabulary), foreign: drawDialect(random, vocabulary), random };
}

/**
 * Texts in the dialect that the model does not know, and the adapters, from each seed of its own.
 * @param model the base, as pretraining left it
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

/** Texts of sequence + 1 tokens as what a model sees and what it has to say, [texts, sequence] each. */
export function lessonOf(texts: readonly number[], sequence: number): { seen: number[]; said: number[] } {
  const place = (i: number): number => i % (sequence + 1);
  return {
    seen: texts.filter((_, i) => place(i) < sequence),
    said: texts.filter((_, i) => place(i) > 0),
  };
}
