import type { Rescaling } from '../recipe/gauge';
import type { OptimizerRow } from '../recipe/optimizers';
import type { Recipe } from '../recipe/recipe';
import type { FactorHyper, VariantSpec } from './spec';

/** The part of a variant that a plan moves. */
export type Numbers = Pick<VariantSpec, 'a' | 'b' | 'maxGradNorm'>;

/** Factors on the numbers of a variant. */
export interface Factors {
  lr: number;
  weightDecay: number;
  eps: number;
  maxGradNorm: number;
}

export const UNMOVED: Factors = { lr: 1, weightDecay: 1, eps: 1, maxGradNorm: 1 };

/** What the base trains with: the recipe's numbers, and the optimizer's own defaults where nobody says. */
export function numbersOf(recipe: Recipe, row: OptimizerRow): Numbers {
  const { optimizer, maxGradNorm } = recipe;
  const lr = usable(recipe.learningRate) ?? row.defaults.learningRate;
  const weightDecay =
    row.decay === 'none' ? 0 : (usable(optimizer.weightDecay) ?? usable(row.defaults.weightDecay) ?? 0);
  const eps = usable(optimizer.eps) ?? row.defaults.eps ?? 0;
  const lrA = usable(recipe.lrA) ?? lr;
  const lrB = usable(recipe.lrB) ?? lrA * (usable(recipe.loraplusLrRatio) ?? 1);
  const factor = (rate: number): FactorHyper => ({ lr: rate, weightDecay, eps });
  return { a: factor(lrA), b: factor(lrB), maxGradNorm: usable(maxGradNorm) || null };
}

/** The numbers times their factors; A and B move alike. */
export function movedBy(numbers: Numbers, factors: Factors): Numbers {
  const factor = ({ lr, weightDecay, eps }: FactorHyper): FactorHyper => ({
    lr: lr * factors.lr,
    weightDecay: weightDecay * factors.weightDecay,
    eps: eps * factors.eps,
  });
  const { maxGradNorm } = numbers;
  return {
    a: factor(numbers.a),
    b: factor(numbers.b),
    maxGradNorm: maxGradNorm === null ? null : maxGradNorm * factors.maxGradNorm,
  };
}

/** The factors of a rescaling whose gauge is symmetric (for any other, those of A). */
export function factorsOf({ a, maxGradNorm }: Rescaling): Factors {
  return { lr: a.lr, weightDecay: a.weightDecay, eps: a.constants.eps, maxGradNorm: maxGradNorm ?? 1 };
}

/** Whether two variants would train with the same float32 numbers. */
export function sameNumbers(one: Numbers, other: Numbers): boolean {
  const flat = ({ a, b, maxGradNorm }: Numbers): number[] =>
    [a.lr, a.weightDecay, a.eps, b.lr, b.weightDecay, b.eps, maxGradNorm ?? 0].map(Math.fround);
  const others = flat(other);
  return flat(one).every((number, i) => number === others[i]);
}

/** Beyond this, products of hyperparameters leave the range of a number. */
const LARGEST = 1e20;

/** A number that a training can take, or undefined: nobody says, or what they say is none. */
export function usable(value: number | null): number | undefined {
  return value !== null && value >= 0 && value <= LARGEST ? value : undefined;
}
