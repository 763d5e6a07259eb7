import fc from 'fast-check';
import type { Rescaling } from '../../src/recipe/gauge';
import type { OptimizerRow } from '../../src/recipe/optimizers/optimizer-row';
import { OPTIMIZER_ROWS } from '../../src/recipe/optimizers/optimizers';
import { scalingOf, type Recipe, type ScalingRule } from '../../src/recipe/recipe';
import { optimizerOf, recipeWith } from './recipe';

/** Numbers of one magnitude after another, as hyperparameters are. */
export const magnitudes = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min: Math.log(min), max: Math.log(max), noNaN: true }).map(Math.exp);

export const anyRow: fc.Arbitrary<OptimizerRow> = fc.constantFrom(...OPTIMIZER_ROWS);

/** Recipes under any row whose every number is stated and none is zero. */
export const anyRecipe: fc.Arbitrary<{ recipe: Recipe; row: OptimizerRow }> = fc
  .record({
    row: anyRow,
    rule: fc.constantFrom<ScalingRule>('standard', 'rslora', 'direct'),
    rank: fc.integer({ min: 1, max: 512 }),
    alpha: magnitudes(0.2, 90),
    learningRate: magnitudes(1e-6, 1),
    ratio: fc.option(magnitudes(0.1, 30)),
    weightDecay: magnitudes(1e-4, 1),
    maxGradNorm: magnitudes(0.01, 10),
    maxGradValue: fc.option(magnitudes(0.01, 10)),
    constants: magnitudes(0.01, 100),
    init: fc.constantFrom('kaiming-uniform' as const, 'gaussian' as const, 'pissa' as const, 'eva' as const),
  })
  .map(({ row, rule, ratio, constants: factor, ...numbers }) => {
    const { eps, ...constants } = Object.fromEntries(
      row.constants.map((each) => [each.constant, (each.default || 0.1) * factor]),
    );
    const { rank, alpha, learningRate, maxGradNorm, maxGradValue, init, weightDecay } = numbers;
    const recipe = recipeWith({
      ...{ rank, alpha, learningRate, maxGradNorm, maxGradValue, init, scalingRule: rule, loraplusLrRatio: ratio },
      scaling: scalingOf(rule, alpha, rank),
      optimizer: optimizerOf(row, {
        betas: row.defaults.betas,
        eps: eps ?? null,
        weightDecay: row.decay === 'none' ? null : weightDecay,
        constants,
      }),
    });
    return { recipe, row };
  });

/**
 * `recipe` as `moved` has it. Decay, constants and threshold are one number in a recipe: they move as those of `factor`.
 */
export function movedRecipe(recipe: Recipe, row: OptimizerRow, moved: Rescaling, factor: 'A' | 'B' = 'A'): Recipe {
  const own = factor === 'A' ? moved.a : moved.b;
  const { optimizer, learningRate: lr } = recipe;
  const alpha = recipe.alpha * moved.k;
  const times = (value: number | null, by: number): number | null => (value === null ? null : value * by);
  const isFixed = row.rate === 'fixed';
  const constants = Object.fromEntries(
    Object.entries(optimizer.constants).map(([id, value]) => [id, value * (own.constants[id as 'd0'] ?? 1)]),
  );
  return {
    ...recipe,
    alpha,
    scaling: scalingOf(recipe.scalingRule, alpha, recipe.rank),
    learningRate: isFixed ? lr : times(lr, moved.a.lr),
    loraplusLrRatio:
      moved.a.lr === moved.b.lr ? recipe.loraplusLrRatio : (recipe.loraplusLrRatio ?? 1) * (moved.b.lr / moved.a.lr),
    maxGradNorm: times(recipe.maxGradNorm, 1 / own.init),
    maxGradValue: times(recipe.maxGradValue ?? null, 1 / own.init),
    optimizer: {
      ...optimizer,
      eps: times(optimizer.eps, own.constants.eps ?? 1),
      weightDecay: times(optimizer.weightDecay, own.weightDecay),
      constants,
    },
  };
}
