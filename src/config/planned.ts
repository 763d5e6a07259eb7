import * as l10n from '@vscode/l10n';
import { byWeight, worstOf, type Caveat } from '../recipe/caveats/caveat';
import { factorLabel, snapped, WRITTEN_DIGITS } from '../recipe/notation';
import { mayAdaptEmbeddings } from '../recipe/init/facts';
import { plansFor } from '../recipe/plans/plans';
import type { Plan, PlanId, Plans } from '../recipe/plans/plan';
import type { Destination, Target } from '../recipe/target';
import { withoutRecipe } from './findings/findings';
import { divideLines, PEFT_LIBRARY, type InitStart } from './init-code/divide';
import { groupedCode } from './init-code/groups';
import { headed } from './init-code/placed';
import { groupKeyOf } from './optimizers/word';
import { fileCaveats, keptAlphas, notUnderstoodCaveat } from './plan/caveats';
import { placedChanges, type ConfigChange, type PlacedChange } from './plan/changes';
import { claimOf, type Claim } from './plan/claim';
import { isSamePlace, placeOf } from './plan/place';
import { asTrainedIn, trainerSupport } from './plan/as-trained';
import { runOfRecipe, type ConfigReading, type Located } from './read';
import type { ReadRecipe } from './reading';
import type { CodeName, Layout } from './trainers/trainer';
import { namedOptimizer } from './understand/fields/named-optimizer';
import { startOf } from './understand/own-code';
import { notUnderstoodOf, type Run, type Adapter } from './understand/run';

export type ConfigPlan = Plan & {
  configChanges: readonly ConfigChange[];
  /** Python for the init, with a comment that says where it goes; null where none is needed. */
  code: string | null;
  /** How the config names the class of the code, where the trainer loads such a class by itself. */
  codeName: CodeName | null;
  claim: Claim;
};

export interface ConfigPlans extends Plans {
  plans: readonly ConfigPlan[];
}

/** The changes of a plan to numbers that are not in this file: the user has to make them. */
export const outsideChanges = ({ configChanges }: Pick<ConfigPlan, 'configChanges'>): readonly ConfigChange[] =>
  configChanges.filter(({ where, factor }) => where === 'script' && factor !== 1);

/** `learning_rate ÷ 1.732, adam_epsilon × 1.732` */
export const outsideWords = (left: readonly ConfigChange[]): string =>
  left.map(({ key, factor }) => `${key} ${factorLabel(factor)}`).join(', ');

interface Draft extends Omit<Plans, 'plans'> {
  drafts: readonly { plan: ConfigPlan; changes: readonly PlacedChange[] }[];
  located: Located | null;
}

/** The refusal of a file without a recipe. */
export const NO_CONFIG: Caveat = {
  code: 'nothing-to-plan',
  message: l10n.t('This file has no LoRA config of a known trainer.'),
};

const NOWHERE = {
  k: 1,
  target: { alpha: 1, scalingRule: 'standard', scaling: 1, k: 1 },
  limits: { wholeAlpha: false, canSwitchRslora: false },
} as const;

/**
 * The plans that move recipe number `recipeIndex` to another scaling, best first, with all their changes.
 * @param text the text `reading` was read from
 * @param target an alpha, or what else a user may ask for
 * @param options.digits significant digits of the numbers that will be written
 * @throws RecipeError when the target's numbers are not usable
 */
export function planConfig(
  text: string,
  reading: ConfigReading,
  recipeIndex: number,
  target: number | Target,
  options: { digits?: number | undefined } = {},
): ConfigPlans {
  const { k, target: reached, limits, drafts, refusal } = draftConfig(text, reading, recipeIndex, target, options);
  return { k, target: reached, limits, plans: drafts.map(({ plan }) => plan), refusal };
}

/**
 * {@link planConfig}, with the place of every number.
 * @param options.only the plan to draft; all unless given
 */
export function draftConfig(
  text: string,
  reading: ConfigReading,
  recipeIndex: number,
  target: number | Target,
  { digits = WRITTEN_DIGITS, only }: { digits?: number | undefined; only?: PlanId },
): Draft {
  const located = runOfRecipe(text, reading, recipeIndex);
  if (!located) {
    const { code, message } = withoutRecipe(reading) ?? NO_CONFIG;
    return { ...NOWHERE, drafts: [], refusal: { code, message }, located };
  }
  const { run, adapter } = located;
  const trained = asTrainedIn(run, adapter);
  const { plans, refusal, ...reaching } = plansFor(trained, target, trainerSupport(run, adapter), digits);
  const { k, target: reached } = reaching;
  const { alphaIsIgnored } = adapter.recipe;
  const message = l10n.t`${alphaIsIgnored ?? ''} So the scaling stays 1. Change the learning rate instead.`;
  const ignored = alphaIsIgnored === undefined || k === 1 ? null : { code: 'alpha-ignored', message };
  const stuck = refusal ?? ignored ?? inheritedAlpha(run, adapter, reached);
  if (stuck) return { ...reaching, drafts: [], refusal: stuck, located };
  const wanted = plans.filter(({ id }) => only === undefined || id === only);
  const kept = keptAlphas(run, reading.runs, adapter.recipe, k);
  const drafts = wanted.map((plan) => {
    const changes = placedChanges({ run, adapter, plan, target: reached, digits });
    const ofFile = fileCaveats(run, adapter, plan, reached.alpha, trained, changes);
    const read = byWeight([...ofFile, ...kept, ...plan.caveats]);
    const claim = claimOf(plan.exactness, read, notUnderstoodOf(run));
    const open = notUnderstoodCaveat(claim.notUnderstood);
    const caveats = byWeight([...read, ...(open ? [open] : [])]);
    const code = codeOf(run, plan, adapter.recipe, k);
    const own = { caveats, exactness: worstOf(plan.exactness, caveats), code, claim };
    const codeName = code === null ? null : (run.layout.codeName ?? null);
    return { changes, plan: { ...plan, ...own, codeName, configChanges: changes.map(({ change }) => change) } };
  });
  return { ...reaching, drafts, refusal: null, located };
}

/** The init snippet, or other code that the plan needs in the user's script. */
function codeOf(run: Run, plan: Plan, recipe: ReadRecipe, k: number): string | null {
  const { groups } = run.layout;
  const start = startOf(run, recipe.init, { init: plan.init, k });
  if (plan.grouped && groups) return groupCodeOf(groups, run, plan, recipe, start);
  return plan.needsInitCode || run.own.placed ? divisionCode(run, plan.init, k) : null;
}

/** Code that multiplies fresh factors by `init` for `k` times the scaling, after what code in place does already. */
export function divisionCode(run: Run, init: Plan['init'], k: number): string {
  const { scaling = 1, init: method = null } = run.adapters[0]?.recipe ?? {};
  const { from, init: before } = run.own.placed ?? { from: scaling, init: { A: 1, B: 1 } };
  const placed = { from, to: scaling * k, init: { A: snapped(before.A * init.A), B: snapped(before.B * init.B) } };
  return headed(placed, run.layout.initCode(startOf(run, method, { init: placed.init, k: placed.to / from })));
}

function groupCodeOf(
  groups: NonNullable<Layout['groups']>,
  { layout, root }: Run,
  plan: Plan,
  recipe: ReadRecipe,
  start: InitStart,
): string {
  const { rule } = namedOptimizer(layout, root, recipe.optimizer.name);
  // A pattern may match embedding layers, in which B does not start at zero.
  const isDivided = plan.needsInitCode || mayAdaptEmbeddings(recipe);
  return groupedCode(groups, plan, start, isDivided, (field) => groupKeyOf(rule, field) ?? field);
}

/**
 * The code of a plan for a `model` that PEFT has made and its `optimizer`, without a word about where it goes; null if
 * nothing divides them. The adapter has PEFT's default name. What code in place does is part of it.
 */
export function peftCode(run: Run, plan: Plan, recipe: ReadRecipe, k: number): string | null {
  const { A, B } = recipe.initFactors ?? { A: 1, B: 1 };
  const start: InitStart = { init: { A: plan.init.A * A, B: plan.init.B * B }, k, method: recipe.init };
  if (plan.grouped && run.layout.groups) return groupCodeOf({ where: [] }, run, plan, recipe, start);
  return plan.needsInitCode || recipe.initFactors ? divideLines(PEFT_LIBRARY, start).join('\n') : null;
}

/**
 * Switching to rsLoRA changes the scaling of each adapter by the root of its rank. If adapters of different ranks share
 * an alpha, no single alpha changes all their scalings by k.
 */
function inheritedAlpha(run: Run, own: Adapter, { scalingRule }: Destination): Caveat | null {
  if (scalingRule === own.recipe.scalingRule) return null;
  const place = placeOf(run, own.fields.alpha);
  const odd = run.adapters.find(
    (other) => other.recipe.rank !== own.recipe.rank && isSamePlace(placeOf(run, other.fields.alpha), place),
  );
  if (!odd) return null;
  const message = l10n.t`The rule would change the scaling of ${own.recipe.name} (rank ${own.recipe.rank}) by another factor than that of ${odd.recipe.name} (rank ${odd.recipe.rank}), because both use one alpha. Give ${odd.recipe.name} its own alpha first.`;
  return { code: 'rslora-several-ranks', message };
}
