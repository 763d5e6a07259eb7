import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Recipe } from '../../recipe/recipe';
import { BLOCK, TRANSFORMER_SIZES } from '../tasks/transformer/model';
import { rateAt, relativeStep } from '../training/schedule';
import type { ExperimentSpec, RateSchedule } from '../spec';
import { seedsFrom } from '../variants/draws';
import { numbersOf } from '../variants/numbers';
import { dataFor } from './data-for';
import { targetsOf } from './targets';

export const DEFAULT_SEED = 1;
const MOST_STEPS = 100_000;

/** Default number of steps. A step of the transformer costs as much as ten of one layer. */
const STEPS: Readonly<Record<ExperimentSpec['task'], number>> = { linear: 200, mlp: 200, transformer: 100 };

/**
 * Mini-batches, which are used in turn: each this often at least, because only losses on the same rows show progress.
 */
const BATCHES = 4;
const STEPS_A_BATCH = 8;

/** Larger ranks train at this rank with the recipe's scaling. Variants carry the scaling, so nothing else changes. */
const LARGEST_RANK = 8;

export const TRANSFORMER_WIDTH = 16;

export interface ToyOptions {
  backend: ExperimentSpec['backend'];
  /** Default: {@link STEPS}. */
  steps?: number;
  /** Default 1. */
  seed?: number;
  /** Draws, from as many seeds in a row; default 1. */
  seeds?: number;
  /** Default: one layer. */
  task?: ExperimentSpec['task'];
}

/** The sizes of a spec, scaled down from the user's run. */
type ToySizes = Pick<ExperimentSpec, 'width' | 'batch' | 'batches' | 'rank' | 'loss' | 'sizes' | 'block'>;

/**
 * THE place where a run is scaled down to a toy. What decides how a change of alpha acts is kept: scaling, optimizer
 * and all its numbers, clip, schedule, dropout, DoRA, LoRA+, the kind of layers LoRA is on. What only decides how long
 * it takes is made small. An A has `width` inputs, so ranks above half the width would leave little that is low about
 * them.
 */
export function sizesFor(task: ExperimentSpec['task'], recipe: Pick<Recipe, 'rank' | 'targetModules'>): ToySizes {
  const rank = Math.min(recipe.rank, LARGEST_RANK);
  const width = rank <= 4 ? 8 : 16;
  const layer = { rank, width, batch: 16, batches: BATCHES, loss: 'mse' } as const;
  if (task === 'linear') return layer;
  if (task === 'mlp') return { ...layer, sizes: { hidden: 2 * width, layers: 2 } };
  const { projections, block } = targetsOf(recipe);
  const { hidden, sequence, heads, vocabulary } = TRANSFORMER_SIZES;
  const sizes = { hidden, sequence, heads, vocabulary };
  const targeted = { ...block, targets: projections, pretrainSteps: BLOCK.pretrainSteps };
  return { ...layer, width: TRANSFORMER_WIDTH, batch: 2, loss: 'ce', sizes, block: targeted };
}

/** The toy on which a recipe is tried: a spec without its variants. */
export function toyFor(recipe: Recipe, row: OptimizerRow, options: ToyOptions): Omit<ExperimentSpec, 'variants'> {
  const { task = 'linear', backend } = options;
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(options.steps ?? STEPS[task])));
  const schedule = scheduleFor(recipe, steps);
  const sizes = sizesFor(task, recipe);
  const momentum = recipe.optimizer.momentum ?? row.defaults.momentum ?? 0;
  const unitless = { ...row.options, ...recipe.optimizer.options };
  const ownRate = (step: number): number => (row.rate === 'fixed' ? relativeStep(step, unitless.warmupInit === 1) : 1);
  let pace = 0;
  for (let step = 1; step <= steps; step++) pace += rateAt(schedule, step, steps) * ownRate(step);
  return {
    task,
    useDora: recipe.useDora,
    ...sizes,
    batches: Math.min(sizes.batches, Math.max(1, Math.floor(steps / STEPS_A_BATCH))),
    data: dataFor(task, row, sizes, numbersOf(recipe, row), recipe.scaling, momentum, pace),
    seeds: seedsFrom(Math.trunc(options.seed ?? DEFAULT_SEED), options.seeds ?? 1),
    dropout: recipe.dropout ?? 0,
    steps,
    optimizer: {
      row: row.id,
      betas: betasOf(recipe, row),
      momentum,
      nesterov: (recipe.optimizer.nesterov ?? row.defaults.nesterov ?? false) && momentum > 0,
      options: unitless,
    },
    clipEps: 0,
    schedule,
    backend,
  };
}

/** The recipe's betas, or the row's where the recipe has none. */
export function betasOf({ optimizer: { betas } }: Recipe, row: OptimizerRow): readonly [number, number] {
  return betas ?? row.defaults.betas ?? [0.9, 0.999];
}

/** The recipe's schedule, scaled to the length of the toy's run. */
function scheduleFor({ scheduler, warmup }: Recipe, steps: number): RateSchedule {
  const name = scheduler?.toLowerCase() ?? '';
  const kind = name.includes('cosine') ? 'cosine' : name.includes('linear') ? 'linear' : 'constant';
  // The length of the user's run is unknown, so a warm-up in steps becomes a share.
  const share = (warmup ?? 0) >= 1 ? 0.1 : (warmup ?? 0);
  return { kind, warmupSteps: Math.round(share * steps) };
}
