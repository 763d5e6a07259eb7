import { planConfig, type ConfigPlan } from '../config/planned';
import type { ConfigChange } from '../config/plan/changes';
import type { ConfigReading } from '../config/read';
import type { ReadRecipe } from '../config/reading';
import type { Field } from '../recipe/plans/plan';
import { MAX_ALPHA, RecipeError } from '../recipe/recipe';
import type { Target } from '../recipe/target';

export interface SameRun {
  alpha: number;
  k: number;
  plan: ConfigPlan;
}

/** A step up that is a power of four: the first thing a new user sees is a proof to the last bit. */
const FIRST_FACTOR = 4;

/**
 * The target a panel starts with, and the example of hovers and lenses.
 * @param usual the alpha that the user sets everywhere (`loraAlpha.defaultTarget`), or null
 */
export function firstTarget(
  { alpha, scalingRule }: Pick<ReadRecipe, 'alpha' | 'scalingRule'>,
  usual: number | null = null,
): { alpha: number } {
  if (usual !== null && usual !== alpha && scalingRule !== 'direct') return { alpha: usual };
  return { alpha: alpha * FIRST_FACTOR <= MAX_ALPHA ? alpha * FIRST_FACTOR : alpha / FIRST_FACTOR };
}

/** The plan a user should try first for this target, or null where there is none, or nothing to change. */
export function bestPlan(
  text: string,
  reading: ConfigReading,
  network: number,
  target: number | Target,
): SameRun | null {
  try {
    const { plans, k, target: reached } = planConfig(text, reading, network, target);
    const [plan] = plans;
    return plan && k !== 1 ? { alpha: reached.alpha, k, plan } : null;
  } catch (error) {
    // A scaling that the trainer's alphas cannot give.
    if (error instanceof RecipeError) return null;
    throw error;
  }
}

/** What a plan changes besides alpha and its learning rate. */
export function otherChanges({ configChanges: changes }: ConfigPlan): ConfigChange[] {
  return changes.filter(({ field, factor }) => factor !== 1 && field !== 'alpha' && field !== 'learningRate');
}

/** The plan's own row for a hyperparameter; undefined where it does not move. */
export function changeOf({ configChanges: changes }: ConfigPlan, field: Field): ConfigChange | undefined {
  return changes.find((change) => change.field === field && change.of === undefined);
}
