import * as l10n from '@vscode/l10n';
import { RecipeError, scalingOf, type Recipe } from './recipe';

/** Outside of these bounds, products of hyperparameters leave float32. */
const SMALLEST = 1e-50;
const LARGEST = 1e20;

/** What {@link isUsable} asks for, in words. */
export const USABLE = l10n.t('a number, 0 or above (and from 1e-50 to 1e20)');

/** Whether a hyperparameter (except rank and alpha) can be computed with. */
export function isUsable(value: number): boolean {
  return value === 0 || (value >= SMALLEST && value <= LARGEST);
}

/** The largest change of scaling: smallest to largest alpha, and √r instead of r at the largest rank. */
const LARGEST_K = 1e18;

/**
 * Checks that every number of a recipe could be trained with.
 * @throws RecipeError with the name of the first field that is not
 */
export function checkRecipe(recipe: Recipe): void {
  const expected = scalingOf(recipe.scalingRule, recipe.alpha, recipe.rank, recipe.multiplier);
  // Another order of operations may round the same scaling differently.
  if (!(Math.abs(recipe.scaling / expected - 1) < 1e-9)) {
    throw new RecipeError('scaling', `scaling is ${recipe.scaling}; alpha and rank give ${expected}`);
  }
  const { optimizer } = recipe;
  checkNumbers({
    lrA: recipe.lrA,
    lrB: recipe.lrB,
    learningRate: recipe.learningRate,
    weightDecay: optimizer.weightDecay,
    eps: optimizer.eps,
    ...optimizer.constants,
    momentum: optimizer.momentum,
    beta1: optimizer.betas?.[0],
    beta2: optimizer.betas?.[1],
    maxGradNorm: recipe.maxGradNorm,
    maxGradValue: recipe.maxGradValue,
    warmup: recipe.warmup,
    dropout: recipe.dropout,
  });
  for (const [field, value] of Object.entries(optimizer.options)) {
    if (!Number.isFinite(value)) throw new RecipeError(field, `${field} is ${value}; it must be a number`);
  }
  const ratio = recipe.loraplusLrRatio;
  if (ratio !== null) checkPositive('loraplusLrRatio', ratio, LARGEST);
}

/** @throws RecipeError unless `k`, the factor of a scaling, is above 0 and within reach of any alpha */
export function checkFactor(field: string, k: number): void {
  checkPositive(field, k, LARGEST_K);
}

/** @throws RecipeError unless `value` is a number above 0 from 1/largest to `largest` */
export function checkPositive(field: string, value: number, largest: number): void {
  if (!(value >= 1 / largest && value <= largest)) {
    throw new RecipeError(
      field,
      `${field} is ${value}; it must be a number above 0, from ${1 / largest} to ${largest}`,
    );
  }
}

function checkNumbers(numbers: Readonly<Record<string, number | null | undefined>>): void {
  for (const [field, value] of Object.entries(numbers)) {
    if (value === null || value === undefined || isUsable(value)) continue;
    throw new RecipeError(field, `${field} is ${value}; it must be ${USABLE}`);
  }
}
