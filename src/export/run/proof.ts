import type { ConfigRecipe } from '../../config/compare/config-recipe';
import { planConfig, type ConfigPlan } from '../../config/planned';
import type { PlanId } from '../../recipe/plans/plan';
import { isAlpha } from '../../recipe/recipe';

/** A plan at another factor of the scaling. */
export interface ProofPlan {
  k: number;
  plan: ConfigPlan;
}

/** All digits of a number. */
const DIGITS = 17;

/** Whether √k is a power of two, so that neither a plan at k nor its run rounds anything. */
export function isPowerOfFour(k: number): boolean {
  return Number.isInteger(Math.log2(k) / 2);
}

/** The same plan at the power of four that is nearest to k, where the right numbers give the baseline's bits. */
export function proofOf({ text, reading, index, recipe }: ConfigRecipe, k: number, id: PlanId): ProofPlan | null {
  const nearest = Math.round(Math.log2(k) / 2) || Math.sign(k - 1);
  const factor = 4 ** nearest;
  const alpha = recipe.alpha * factor;
  if (!isAlpha(alpha)) return null;
  const { plans } = planConfig(text, reading, index, { alpha }, { digits: DIGITS });
  const plan = plans.find((one) => one.id === id);
  return plan ? { k: factor, plan } : null;
}
