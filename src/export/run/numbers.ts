import type { ConfigRecipe } from '../../config/plan/as-trained';
import { type ConfigPlan, planConfig } from '../../config/planned';
import type { ReadRecipe } from '../../config/reading';
import type { Constants } from '../../recipe/optimizers/constants';
import type { OptimizerRow } from '../../recipe/optimizers/optimizer-row';
import type { Field, PlanId } from '../../recipe/plans/plan';
import { isAlpha, statedConstant } from '../../recipe/recipe';

/** The numbers of one run that a plan can change. A switch is 0 or 1; a max grad norm or value of 0 is off. */
export type RunNumbers = Readonly<Record<Exclude<Field, 'rank' | 'init' | keyof Constants>, number>> & Constants;

/** The numbers of the baseline, with the optimizer's defaults for those not stated. */
export function baseRun(recipe: ReadRecipe, row: OptimizerRow): RunNumbers {
  const { optimizer, maxGradNorm, maxGradValue } = recipe;
  const constants = row.constants.map(({ constant, default: usual }) => {
    return [constant, statedConstant(optimizer, constant) ?? usual] as const;
  });
  return {
    alpha: recipe.alpha,
    useRslora: Number(recipe.scalingRule === 'rslora'),
    learningRate: recipe.learningRate ?? row.defaults.learningRate,
    loraplusLrRatio: recipe.loraplusLrRatio ?? 1,
    // A LoRA+ ratio can drop the decay; then the recipe has none.
    weightDecay: optimizer.weightDecay ?? 0,
    ...{ maxGradNorm: maxGradNorm ?? 0, maxGradValue: maxGradValue ?? 0 },
    ...Object.fromEntries(constants),
  };
}

/**
 * The numbers of a run under a plan. Changes that are limited to A or B are made by the plan's code.
 * @param digits `exact`, or as they will be written in the file
 */
export function plannedRun(base: RunNumbers, plan: ConfigPlan, digits: 'exact' | 'written'): RunNumbers {
  const own = plan.changes.filter(({ of }) => of === undefined);
  const numbers = Object.entries(base).map(([field, from]) => {
    return [field, own.find((one) => one.field === field)?.[digits] ?? from] as const;
  });
  return { ...base, ...Object.fromEntries(numbers), ...(plan.dropsDecay && { weightDecay: 0 }) };
}

/** The largest relative difference of a number as written from the exact one. */
export function roundingOf(written: RunNumbers, exact: RunNumbers): number {
  const others = Object.values(exact);
  return Math.max(0, ...Object.values(written).map((one, i) => (others[i] ? Math.abs(one / others[i] - 1) : 0)));
}

/** All digits of a number. */
const DIGITS = 17;

/** Whether √k is a power of two, so that neither a plan at k nor its run rounds anything. */
export function isPowerOfFour(k: number): boolean {
  return Number.isInteger(Math.log2(k) / 2);
}

/** The same plan at the power of four that is nearest to k, where the right numbers give the baseline's bits. */
export function proofOf(config: ConfigRecipe, target: number, id: PlanId): { k: number; plan: ConfigPlan } | null {
  const { text, reading, index, recipe } = config;
  const k = 4 ** (Math.round(Math.log2(target) / 2) || Math.sign(target - 1));
  const alpha = recipe.alpha * k;
  if (!isAlpha(alpha)) return null;
  const plan = planConfig(text, reading, index, { alpha }, { digits: DIGITS }).plans.find((one) => one.id === id);
  return plan ? { k, plan } : null;
}
