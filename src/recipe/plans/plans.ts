import * as l10n from '@vscode/l10n';
import { EXACTNESS } from '../caveats/caveat';
import { checkRecipe, type Recipe } from '../recipe';
import { rowFor } from '../optimizers/optimizers';
import { MEASURED_WAY, WAYS, type PlanKind } from './ways';
import { PLAN_IDS, type Change, type TrainerSupport, type Plan, type Plans } from './plan';
import { WRITTEN_DIGITS } from '../notation';
import { situationOf } from './changes';
import { destinationOf, hereOf, type Target } from '../target';

/**
 * The plans that run `recipe` at another scaling, best first.
 * @param recipe as its trainer reads it
 * @param target an alpha, or another target
 * @param digits significant digits of written numbers
 * @throws RecipeError if a number of the target or the recipe is not usable
 */
export function plansFor(
  recipe: Recipe,
  target: number | Target,
  support: TrainerSupport,
  digits = WRITTEN_DIGITS,
): Plans {
  checkRecipe(recipe);
  const limits = { wholeAlpha: support.wholeAlpha ?? false, canSwitchRslora: support.settable.has('useRslora') };
  const destination = destinationOf(recipe, target, limits, digits);
  if ('refusal' in destination) {
    return { k: 1, target: hereOf(recipe), limits, plans: [], refusal: destination.refusal };
  }
  const row = rowFor(recipe.optimizer);
  const { k } = destination;
  if (!row) {
    const why = recipe.optimizer.unknown ?? l10n.t`Unknown optimizer: ${recipe.optimizer.name ?? ''}.`;
    const message = l10n.t`${why} So no equivalent can be computed, and as its steps cannot be trained here, nothing can be measured either.`;
    return { k, target: destination, limits, plans: [], refusal: { code: 'optimizer-unknown', message } };
  }
  const situation = situationOf(recipe, row, destination, support, digits);
  const ways = row.noRule ? [MEASURED_WAY] : WAYS;
  const plans = ways.filter((way: PlanKind) => way.isOffered(situation)).map((way: PlanKind) => way.plan(situation));
  // Numbers in the user's script may have to change too.
  const isAllKnown = (support.inScript?.size ?? 0) === 0;
  const distinct = plans.filter((plan) => !(isAllKnown && isCovered(plan, plans)));
  return { k, target: destination, limits, plans: distinct.toSorted(byPreference), refusal: null };
}

/** If only the learning rate changes, a plan in a gauge has the same changes and is exact. */
function isCovered({ id, changes }: Plan, plans: readonly Plan[]): boolean {
  const moves = (of: readonly Change[]): string => of.map(({ field, factor }) => `${field} ${factor}`).join();
  const others = plans.filter((plan) => plan.id !== 'lr-only' && !plan.needsInitCode);
  return id === 'lr-only' && others.some((plan) => moves(plan.changes) === moves(changes));
}

/** lr-only is last; otherwise exact plans first, then those with the least work. */
function byPreference(one: Plan, other: Plan): number {
  const ranks = ({ id, exactness, needsInitCode }: Plan): number[] => [
    Number(id === 'lr-only'),
    EXACTNESS.indexOf(exactness),
    Number(needsInitCode && id !== 'symmetric'),
    PLAN_IDS.indexOf(id),
  ];
  const [mine, others] = [ranks(one), ranks(other)];
  return mine.map((rank, i) => rank - (others[i] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
