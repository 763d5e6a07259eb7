import * as l10n from '@vscode/l10n';
import type { ConfigRecipe } from '../config/plan/as-trained';
import { planConfig, type ConfigPlans } from '../config/planned';
import type { PlanId } from '../recipe/plans/plan';
import { RecipeError } from '../recipe/recipe';
import type { Target } from '../recipe/target';
import { exportCheck } from './export-check';
import { text as sweep } from './python/sweep.py';
import type { ExportRequest } from './refusal';

/** A config at one of the ranks of a sweep; its name says the rank if that is not the file's. */
type RankedConfig = Pick<ExportRequest, 'name' | keyof ConfigRecipe>;

/** What is trained at every rank: `plans` are ids, the best plan of each alpha, or all. */
export interface SweepRequest {
  targets: readonly Target[];
  plans: readonly PlanId[] | 'best' | 'all';
}

/** A file of a sweep, by its name without the folder. */
export type SweepFile = Record<'name' | 'text', string>;

/** The checks of a sweep, and why others are left out. */
export interface SweptChecks {
  checks: readonly SweepFile[];
  leftOut: readonly string[];
}

/** One check for each target and plan of a config. A target or plan that has none is left out with its reason. */
export function sweptChecks(config: RankedConfig, { targets, plans: asked }: SweepRequest): SweptChecks {
  const checks: SweepFile[] = [];
  const leftOut: string[] = [];
  for (const target of targets) {
    const [alpha, rank] = [target.alpha ?? config.recipe.alpha, config.recipe.rank];
    const plans = plansFor(config, target);
    if (typeof plans === 'string') {
      leftOut.push(l10n.t`alpha ${alpha} at rank ${rank}: ${plans}`);
      continue;
    }
    const found = plans.plans.map(({ id }) => id);
    for (const id of asked === 'best' ? found.slice(0, 1) : asked === 'all' ? found : asked) {
      const plan = plans.plans.find((one) => one.id === id);
      const made = plan ? exportCheck({ ...config, plans, plan }) : { refused: l10n.t('There is no such plan.') };
      if ('text' in made) checks.push({ name: `alpha_${alpha}_rank_${rank}_${id}.py`, text: made.text });
      else leftOut.push(l10n.t`alpha ${alpha} at rank ${rank}, plan ${id}: ${made.refused}`);
    }
  }
  return { checks, leftOut };
}

/** The plans for a target, or why there are none. */
function plansFor({ text, reading, index }: RankedConfig, target: Target): ConfigPlans | string {
  try {
    const plans = planConfig(text, reading, index, target);
    if (plans.refusal) return plans.refusal.message;
    return plans.k === 1 ? l10n.t('The scaling does not change, so there is nothing to check.') : plans;
  } catch (error) {
    if (error instanceof RecipeError) return error.message;
    throw error;
  }
}

/** More checks than this are no sweep of one config, but a mistake in its lists. */
export const MOST_CHECKS = 512;

/** The file that runs the checks as trials of Ray Tune. */
export function sweepFile(checks: readonly SweepFile[]): SweepFile {
  const names = checks.map(({ name }) => `    "${name.replace(/\.py$/, '')}",\n`).join('');
  return { name: 'sweep.py', text: sweep.replace('CHECKS = []\n', `CHECKS = [\n${names}]\n`) };
}
