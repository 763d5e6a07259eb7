import type { ExperimentSpec } from '../spec';
import { drawAdapter, type Adapter } from './adapter';
import { outputs } from './outputs';
import { fill, firstOf, randomOf, type Random } from './random';

/** The linear layers of a block: attention's four, and the MLP's two. */
export const PROJECTIONS = ['q', 'k', 'v', 'o', 'up', 'down'] as const;
export type Projection = (typeof PROJECTIONS)[number];

/** One transformer block over vectors, and the tokens it is to name. All matrices are row-major float32. */
export interface TransformerProblem {
  /** Sequences. */
  batch: number;
  sequence: number;
  width: number;
  /** They share the width. */
  heads: number;
  /** Width of the MLP. */
  hidden: number;
  vocabulary: number;
  rank: number;
  /** [batch, sequence, width] */
  inputs: Float32Array;
  /** The right token at each place, [batch, sequence]. */
  targets: ArrayLike<number>;
  /** Frozen matrices, [outputs, inputs] each. */
  frozen: Readonly<Record<Projection, Float32Array>>;
  /** Head, [vocabulary, width]. */
  head: Float32Array;
  /** Where LoRA is. */
  adapters: Readonly<Partial<Record<Projection, Adapter>>>;
}

export type TransformerSizes = Pick<ExperimentSpec, 'width' | 'batch' | 'rank' | 'seeds' | 'data' | 'sizes'>;

/** Where LoRA is put unless somebody says, as in the paper: on the queries and the values. */
const TARGETS: readonly Projection[] = ['q', 'v'];

/** Inputs and outputs of a projection. */
export function shapeOf(
  projection: Projection,
  { width, hidden }: Pick<TransformerProblem, 'width' | 'hidden'>,
): { inputs: number; outputs: number } {
  if (projection === 'up') return { inputs: width, outputs: hidden };
  return projection === 'down' ? { inputs: hidden, outputs: width } : { inputs: width, outputs: width };
}

/**
 * Frozen matrices that keep the size of what passes through, inputs, tokens (`noise`: any; `map`: the largest output of
 * a random linear map of the input) and the adapters from one seed.
 */
export function drawTransformer({ width, batch, rank, seeds, data, sizes }: TransformerSizes): TransformerProblem {
  const { hidden = 2 * width, sequence = 8, heads = 2, vocabulary = 11 } = sizes ?? {};
  if (width % heads !== 0) throw new Error(`a width of ${width} cannot be shared by ${heads} heads`);
  const random = randomOf(firstOf(seeds));
  const places = batch * sequence;
  const inputs = fill(places * width, () => data.inputScale * random.normal());
  const scores =
    data.target === 'noise'
      ? fill(places * vocabulary, () => random.normal())
      : outputs(inputs, normal(random, vocabulary, width), places, width, vocabulary);
  const frozen = each(PROJECTIONS, (projection) => {
    const shape = shapeOf(projection, { width, hidden });
    return normal(random, shape.outputs, shape.inputs);
  }) as Record<Projection, Float32Array>;
  const head = normal(random, vocabulary, width);
  const adapters = each(TARGETS, (projection) => {
    const shape = shapeOf(projection, { width, hidden });
    return drawAdapter(random, rank, shape.inputs, shape.outputs);
  });
  const targets = largestOf(scores, vocabulary);
  return { batch, sequence, width, heads, hidden, vocabulary, rank, inputs, targets, frozen, head, adapters };
}

/** [rows, columns] of variance 1/columns. */
function normal(random: Random, rows: number, columns: number): Float32Array {
  const size = 1 / Math.sqrt(columns);
  return fill(rows * columns, () => size * random.normal());
}

function each<T>(
  projections: readonly Projection[],
  draw: (projection: Projection) => T,
): Partial<Record<Projection, T>> {
  return Object.fromEntries(projections.map((projection) => [projection, draw(projection)]));
}

/** The column of the largest number in each row. */
function largestOf(values: ArrayLike<number>, columns: number): number[] {
  return Array.from({ length: values.length / columns }, (_, row) => {
    const scores = Array.from({ length: columns }, (_, i) => values[row * columns + i] ?? 0);
    return scores.indexOf(Math.max(...scores));
  });
}
