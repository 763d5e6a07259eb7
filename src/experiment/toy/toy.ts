import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Recipe } from '../../recipe/recipe';
import { dataFor } from './data-for';
import { seedsFrom } from '../variants/draws';
import { numbersOf } from '../variants/numbers';
import { relativeStep, rateAt } from '../training/schedule';
import { sizesFor, STEPS } from './toy-sizes';
import type { ExperimentSpec, RateSchedule } from '../spec';

export const DEFAULT_SEED = 1;
const MOST_STEPS = 100_000;

/** Each mini-batch is used at least this often, because progress is visible only between losses on the same rows. */
const STEPS_A_BATCH = 8;

export interface ToyOptions {
  backend: ExperimentSpec['backend'];
  /** Default: as many as the task has (toy-sizes.ts). */
  steps?: number;
  /** Default 1. */
  seed?: number;
  /** Draws, from as many seeds in a row; default 1. */
  seeds?: number;
  /** Default: one layer. */
  task?: ExperimentSpec['task'];
}

/** The toy on which a recipe is tried: a spec without its variants. */
export function toyFor(recipe: Recipe, row: OptimizerRow, options: ToyOptions): Omit<ExperimentSpec, 'variants'> {
  const task = options.task ?? 'linear';
  const steps = Math.min(MOST_STEPS, Math.max(1, Math.round(options.steps ?? STEPS[task])));
  const schedule = scheduleFor(recipe, steps);
  const sizes = sizesFor(task, recipe);
  const { nesterov } = recipe.optimizer;
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
      nesterov: (nesterov ?? row.defaults.nesterov ?? false) && momentum > 0,
      options: unitless,
    },
    clipEps: 0,
    schedule,
    backend: options.backend,
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
  const given = warmup ?? 0;
  // The length of the user's run is unknown, so a warm-up in steps becomes a share.
  const share = given >= 1 ? 0.1 : given;
  return { kind, warmupSteps: Math.round(share * steps) };
}
