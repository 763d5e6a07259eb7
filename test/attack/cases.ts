import { numbersOf } from '../../src/experiment/variants/numbers';
import type { ExperimentSpec, VariantSpec } from '../../src/experiment/spec';
import { toyFor } from '../../src/experiment/toy/toy';
import { baseOf } from '../../src/experiment/variants/variants';
import type { GaugeId } from '../../src/recipe/gauge';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import type { Recipe } from '../../src/recipe/recipe';
import { optimizerOf, recipeWith } from '../support/recipe';

/** The factors of the scaling. */
export const FACTORS = [0.01, 0.1, 0.25, 0.5, 2, 3, 4, 10, 16, 100, 1000] as const;

export type Toy = Omit<ExperimentSpec, 'variants'>;

/** One training problem, on which every k and every error is tried at once. */
export interface Case {
  row: OptimizerRow;
  task: string;
  gauge: GaugeId;
  toy: Toy;
  base: VariantSpec;
}

type Options = Pick<ExperimentSpec, 'backend' | 'steps'>;

/** @property fields beside what the product chooses */
type Kind = Pick<ExperimentSpec, 'task'> & { name: string; useDora?: boolean; fields?: Partial<Toy> };

const KINDS: readonly Kind[] = [
  { name: 'linear', task: 'linear' },
  { name: 'linear, L1', task: 'linear', fields: { loss: 'l1' } },
  { name: 'DoRA', task: 'linear', useDora: true },
  { name: 'mlp', task: 'mlp' },
  { name: 'transformer', task: 'transformer', fields: { batch: 2 } },
];

/** Seeds of the draws of a problem: of its last turn there are two. */
const SEEDS: readonly (readonly number[])[] = [[1], [2], [3, 4]];

/** Every row whose rule claims to be exact, and that trains what starts at zero. */
const EXACT_ROWS = OPTIMIZER_ROWS.filter(({ exactness, stuck }) => exactness === 'exact' && !stuck);

/** What is on besides the optimizer, in half of the cases. */
const LOUD = { weightDecay: 0.1, maxGradNorm: 1 };
const LOUD_TOY: Partial<Toy> = { dropout: 0.1, batches: 2 };

/** Every case, in an order in which any part of them is a fair sample. */
export function cases(options: Options): Case[] {
  const all = SEEDS.flatMap((seeds) =>
    KINDS.flatMap((kind) =>
      EXACT_ROWS.flatMap((row) =>
        [false, true].flatMap((isLoud) =>
          gaugesOf(row, isLoud).flatMap((gauge) => caseOf(row, kind, gauge, isLoud, { ...options, seeds })),
        ),
      ),
    ),
  );
  // A step that shares no factor with the number of cases visits each of them once.
  const stride = [797, 1009, 1511].find((prime) => all.length % prime !== 0) ?? 1;
  return all.flatMap((_, i) => all[(i * stride) % all.length] ?? []);
}

function gaugesOf({ gauges, frozen }: OptimizerRow, isLoud: boolean): GaugeId[] {
  if (frozen === 'A') return ['keep-init'];
  // One clip threshold is right for both factors in the symmetric gauge alone.
  return gauges === 'symmetric' || isLoud ? ['symmetric'] : ['symmetric', 'keep-init', 'keep-b'];
}

function caseOf(
  row: OptimizerRow,
  { name, task, useDora = false, fields }: Kind,
  gauge: GaugeId,
  isLoud: boolean,
  { backend, steps, seeds }: Options & Pick<Toy, 'seeds'>,
): Case[] {
  // DoRA's magnitudes have a part in what all parameters share.
  if (useDora && row.gauges === 'symmetric') return [];
  const recipe = recipeOf(row, isLoud, useDora);
  const toy: Toy = { ...toyFor(recipe, row, { backend, steps, task }), seeds, ...(isLoud ? LOUD_TOY : {}), ...fields };
  return [{ row, task: name, gauge, toy, base: baseOf(recipe.scaling, numbersOf(recipe, row)) }];
}

function recipeOf(row: OptimizerRow, isLoud: boolean, useDora: boolean): Recipe {
  return recipeWith({
    rank: 2,
    alpha: 4,
    scaling: 2,
    useDora,
    learningRate: row.defaults.learningRate,
    scheduler: isLoud ? 'cosine' : null,
    maxGradNorm: isLoud && !useDora ? LOUD.maxGradNorm : null,
    optimizer: optimizerOf(row, { weightDecay: isLoud && row.decay !== 'none' ? LOUD.weightDecay : 0 }),
  });
}
