import { embeddingOf } from '../../recipe/rank/embedding';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Field } from '../../recipe/plans/plan';
import type { Recipe } from '../../recipe/recipe';
import type { ExperimentSpec, VariantSpec } from '../spec';
import { rowOf } from '../specs/spec-for';
import { toyFor, type ToyOptions } from '../toy/toy';
import { movedBy, numbersOf, type Factors } from '../variants/numbers';
import { baseOf } from '../variants/variants';

/** How much is trained for the question where the best learning rate goes. */
export interface ProbeSize {
  task: ExperimentSpec['task'];
  steps: number;
  draws: number;
  /** Octaves between two learning rates, and how many there are. */
  octaves: number;
  rates: number;
}

/** Default: done within twenty seconds on two cores. */
export const QUICK: ProbeSize = { task: 'transformer', steps: 100, draws: 4, octaves: 1, rates: 9 };
export const THOROUGH: ProbeSize = { ...QUICK, draws: 12, octaves: 0.5, rates: 17 };

/** The model's width, and so the largest rank it can have. */
export const WIDTH = 64;

const SIZES = {
  linear: { batch: 16, batches: 16 },
  mlp: { batch: 16, batches: 16, sizes: { hidden: 2 * WIDTH, layers: 2 } },
  transformer: { batch: 4, batches: 16, sizes: { hidden: 2 * WIDTH, sequence: 8, heads: 4, vocabulary: 32 } },
} as const;

/** The ranks that are trained for two ranks of a user: the same, or both divided where the larger is too large. */
export function trainedRanks(from: number, to: number): { from: number; to: number } {
  const divisor = Math.max(1, Math.max(from, to) / WIDTH);
  const rank = (own: number): number => Math.max(1, Math.round(own / divisor));
  return { from: rank(from), to: rank(to) };
}

/** The learning rates of a curve, as powers of two. */
export const ratesAround = (centre: number, { octaves, rates }: ProbeSize): number[] =>
  Array.from({ length: rates }, (_, i) => centre + (i - (rates - 1) / 2) * octaves);

/** Where the best learning rate may lie on the model: powers of two, from the kind of step. */
export function searchedRates({ d, e, constants }: OptimizerRow): number[] {
  const estimates = constants.some(({ constant }) => constant === 'd0');
  const [low, high] = estimates ? [-8, 8] : d === 1 ? [-10, 12] : e === 1 ? [-12, 4] : [-17, 1];
  return Array.from({ length: (high - low) / 2 + 1 }, (_, i) => low + 2 * i);
}

/**
 * Trains a recipe at a rank, a scaling and many learning rates, on every draw; a last variant of each draw has the rate 0,
 * whose loss is the start's. Data keep their natural units: the learning rate is what is looked for.
 */
export function rankSpec(
  recipe: Recipe,
  rank: number,
  scaling: number,
  rates: readonly number[],
  { task, steps, draws }: ProbeSize,
  options: Pick<ToyOptions, 'backend' | 'seed'>,
): ExperimentSpec {
  const row = rowOf(recipe);
  const toy = toyFor(recipe, row, { ...options, task, steps, seeds: draws });
  const numbers = numbersOf(recipe, row);
  const variants = toy.seeds.flatMap((_, draw) =>
    [...rates.map((rate) => 2 ** rate), 0].map((rate): VariantSpec => {
      const factor = { lr: rate / (numbers.a.lr || numbers.b.lr || 1), weightDecay: 1, constants: {} };
      const moved = movedBy(numbers, { a: factor, b: factor, m: factor, maxGradNorm: 1 });
      return { ...baseOf(scaling, moved), name: `${rate}@${draw}`, draw };
    }),
  );
  return {
    ...toy,
    ...{ ...SIZES[task], width: WIDTH, rank, nested: true },
    data: { target: 'map', inputScale: 1, targetScale: 1 },
    variants,
  };
}

/**
 * The control: the smaller rank's run with A's rows repeated to the larger rank. It is the same run to rounding.
 * @returns null where no numbers make it one
 */
export function controlSpec(spec: ExperimentSpec, recipe: Recipe, rank: number): ExperimentSpec | null {
  const row = rowOf(recipe);
  const m = rank / spec.rank;
  const embedding = embeddingOf(row, recipe.optimizer.options);
  if (!embedding || !Number.isInteger(m) || spec.useDora) return null;
  const by = (field: Field): number => m ** (embedding[field] ?? 0);
  const constants = Object.fromEntries(row.constants.map(({ constant }) => [constant, by(constant)]));
  const factor = { lr: by('learningRate'), weightDecay: by('weightDecay'), constants };
  const factors: Factors = { a: factor, b: factor, maxGradNorm: by('maxGradNorm'), maxGradValue: by('maxGradValue') };
  const trained = spec.variants.filter(({ a, b }) => a.lr + b.lr > 0);
  const variants = trained.map((one): VariantSpec => {
    return { ...one, ...movedBy(one, factors), scaling: one.scaling / m, rows: spec.rank };
  });
  return { ...spec, rank, variants };
}
