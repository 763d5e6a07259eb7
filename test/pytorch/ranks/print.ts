import { embeddedChanges } from '../../../src/recipe/rank/plan';
import { optimizerRow, type OptimizerId } from '../../../src/recipe/optimizers/optimizers';
import { statedConstant, type Recipe } from '../../../src/recipe/recipe';
import { optimizerOf, recipeWith } from '../../support/recipe';

/** Runs with A's rows repeated, as JSON on standard output, for run.py: their numbers at rank 4 and at m times that. */

const COUPLED = { weightDecay: 0.01, learningRate: 2e-3 };
const RUNS: Readonly<
  Partial<Record<OptimizerId, Partial<Recipe['optimizer']> & { learningRate: number; clip?: number }>>
> = {
  adamw: { learningRate: 2e-3, weightDecay: 0.1, eps: 1e-4, clip: 0.2 },
  adam: { ...COUPLED, eps: 1e-4 },
  nadam: { ...COUPLED, eps: 1e-4 },
  adamax: { ...COUPLED, eps: 1e-4 },
  rmsprop: { ...COUPLED, eps: 1e-4 },
  adagrad: { ...COUPLED, eps: 1e-4, constants: { initialAccumulator: 1e-6 } },
  rprop: { learningRate: 1e-3, constants: { stepMin: 1e-6, stepMax: 0.01 } },
  sgd: { learningRate: 0.1, weightDecay: 0.01, momentum: 0.9, clip: 0.2 },
  asgd: { learningRate: 0.1, weightDecay: 0.01, constants: { lambd: 1e-3 } },
  adadelta: { learningRate: 1, weightDecay: 0.01, eps: 1e-5 },
  muon: { learningRate: 2e-3, weightDecay: 0.1, eps: 1e-4, options: { matchRms: 1 } },
  'adafactor-hf': { learningRate: 2e-3, weightDecay: 0.1, eps: 1e-8 },
  'adafactor-hf-scale': { learningRate: 2e-2, weightDecay: 0.1, eps: 1e-8, constants: { epsRms: 1e-3 } },
  'schedule-free-adamw': { learningRate: 2e-3, weightDecay: 0.1, eps: 1e-4 },
  'stable-adamw': { learningRate: 2e-3, weightDecay: 0.1, eps: 1e-4 },
  prodigy: { learningRate: 1, weightDecay: 0.1, eps: 1e-6, constants: { d0: 1e-4 } },
  came: { learningRate: 2e-3, weightDecay: 0.1, eps: 1e-8 },
  lion: { learningRate: 3e-4, weightDecay: 0.1 },
};

/** Rank, alpha and every number of the optimizer, those of the plan in place of the recipe's. */
function numbersAt(recipe: Recipe, rank: number): object {
  const changes = embeddedChanges(recipe, rank);
  if (!changes) throw new Error(`no embedding under ${recipe.optimizer.row}`);
  const { learningRate, maxGradNorm, alpha, optimizer } = recipe;
  const stated = Object.keys(optimizer.constants) as (keyof typeof optimizer.constants)[];
  const own = {
    ...{ rank, alpha, learningRate, maxGradNorm, weightDecay: optimizer.weightDecay, eps: optimizer.eps },
    ...Object.fromEntries(stated.map((id) => [id, statedConstant(optimizer, id)])),
  };
  return { ...own, ...Object.fromEntries(changes.map(({ field, exact }) => [field, exact])) };
}

const runs = Object.entries(RUNS).map(([id, { learningRate, clip = 0, ...fields }]) => {
  const row = optimizerRow(id);
  if (!row) throw new Error(`no row ${id}`);
  const usual = row.decay === 'none' ? {} : { weightDecay: 0 };
  const optimizer = optimizerOf(row, { ...usual, ...fields });
  const recipe = recipeWith({ rank: 4, alpha: 8, scaling: 2, learningRate, maxGradNorm: clip, optimizer });
  return { row: id, at: Object.fromEntries([1, 2, 3, 4].map((m) => [m, numbersAt(recipe, 4 * m)])) };
});
process.stdout.write(JSON.stringify(runs));
