import * as l10n from '@vscode/l10n';
import type { Caveat } from '../recipe/caveats/caveat';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';
import type { Field, PlanId } from '../recipe/plans/plan';
import { scalingOf, type ScalingRule } from '../recipe/recipe';
import type { Destination, Target } from '../recipe/target';
import { fractionalAlpha, notUnderstoodCaveat } from './plan/caveats';
import { isChanged, type PlacedChange } from './plan/changes';
import { unresolvedLock } from './plan/place';
import { draftConfig } from './planned';
import { runsOf, type ConfigReading } from './read';
import type { ReadRecipe, TextEdit } from './reading';
import { unresolvedAt } from './understand/fields/values';
import { notUnderstoodOf, type Run } from './understand/run';
import { edited, errorIn, isEqual, isSameRun, refused, type Refused } from './write/edited';
import type { Writing } from './write/writing';

export type Rewriting = { edits: TextEdit[] } | Refused;

/**
 * The smallest edits that write a plan into the file. The edited text is read again first: if it does not give the
 * intended recipe, the result is a refusal.
 * @param target an alpha, or what else a user may ask for
 * @throws RecipeError when the target's numbers are not usable
 */
export function rewriteConfig(
  text: string,
  reading: ConfigReading,
  recipeIndex: number,
  target: number | Target,
  planId: PlanId,
  options: { digits?: number | undefined } = {},
): Rewriting {
  const wanted = { ...options, only: planId };
  const { target: reached, drafts, refusal, located } = draftConfig(text, reading, recipeIndex, target, wanted);
  if (refusal) return { refusal };
  const [draft] = drafts;
  if (!draft || !located) return refused('no-such-plan', l10n.t`This file has no plan "${planId}".`);
  const { run, index } = located;
  const { changes } = draft;
  const blocked = blockOf(run, changes) ?? rateOutside(run, changes);
  if (blocked) return { refusal: blocked };
  const writings = changes.flatMap(({ change, place }) =>
    place && change.to !== null && isChanged(change) ? [{ place, literal: change.to }] : [],
  );
  const fault = (now: Run): string | null => faultOf(run, now, index, reached, changes);
  return tried(text, reading, run, writings, fault, draft.plan.code ?? '');
}

/** The edits of `writings`, once the edited text was read again: `faultOf` says what is wrong with the new run. */
export function tried(
  text: string,
  reading: ConfigReading,
  run: Run,
  writings: readonly Writing[],
  faultOf: (now: Run) => string | null,
  code = '',
): Rewriting {
  const after = edited(text, run, writings, code);
  if ('refusal' in after) return after;
  const before = runsOf(text, reading);
  const onward = before.find((other) => other !== run && other.trainer === run.trainer && resumesFromFactors(other));
  if (onward) {
    const why = l10n.t`${nameOf(onward)} continues from trained factors with its own alpha. If these factors come from this run, its alpha, learning rate and other numbers have to change too: change both runs by hand.`;
    return refused('further-training', why);
  }
  const own = before.indexOf(run);
  const now = after.runs[own];
  if (!now || after.runs.length !== before.length) return unwritten(l10n.t('the new file could not be read'));
  const fault = faultOf(now);
  if (fault) return unwritten(fault);
  const other = before.find((each, i) => each !== run && !isSameRun(each, after.runs[i]));
  if (!other) return { edits: after.edits };
  const why = l10n.t`${nameOf(other)} uses a number that this plan changes, but its own alpha stays. Give each run its own number first.`;
  return refused('shared-by-runs', why);
}

/** Whether a run loads trained factors, but takes alpha from its own config. */
const resumesFromFactors = ({ traps, root }: Run): boolean =>
  traps.some(({ code, applies }) => code === 'run-resumes' && applies(root));

const nameOf = ({ adapters }: Run): string => adapters[0]?.recipe.name ?? l10n.t('Another run');

/** Why nothing may be written, or null. */
export function blockOf(run: Run, changes: readonly PlacedChange[]): Caveat | null {
  const { layout, traps, root, trainer } = run;
  const trap = traps.find(({ blocksEdits, applies }) => blocksEdits && applies(root));
  const blocked =
    errorIn(run) ??
    (trap && { code: trap.code, message: trap.message }) ??
    notUnderstoodCaveat(notUnderstoodOf(run).filter(({ mayMove }) => mayMove));
  if (blocked || !layout.wholeAlpha) return blocked;
  const alphas = changes.flatMap(({ change }) =>
    change.field === 'alpha' && isChanged(change) ? [change.written ?? 0] : [],
  );
  const odd = alphas.find((alpha) => !Number.isInteger(alpha));
  return odd === undefined ? null : fractionalAlpha(trainer.name, odd);
}

/** Refuses to write alpha without its learning rate, because that would be another run. */
export function rateOutside({ adapters, root }: Run, changes: readonly PlacedChange[]): Caveat | null {
  const isMoving = changes.some(
    ({ change }) => change.field === 'learningRate' && change.factor !== 1 && change.where === 'script',
  );
  const source = adapters[0]?.fields.learningRate;
  const away = isMoving && source ? unresolvedAt(root, source) : null;
  if (!away) return null;
  const { message } = unresolvedLock(away);
  return { code: 'rate-elsewhere', message: l10n.t`${away.key.label} would have to change too. ${message}` };
}

/** Fields that follow from the text and the numbers, so that they may change with them. */
const FOLLOWING = new Set<string>(['stated', 'assumed', 'unresolved', 'unscaled', 'loraBias', 'initFactors']);

/** How the rewritten file differs from what was asked for, or null. */
function faultOf(
  before: Run,
  after: Run,
  index: number,
  { k, scalingRule }: Destination,
  changes: readonly PlacedChange[],
): string | null {
  if (after.adapters.length !== before.adapters.length) return l10n.t('an adapter is missing');
  if (before.own.at && !after.own.placed) return l10n.t`${'init'} would change`;
  for (const [i, { recipe }] of after.adapters.entries()) {
    const was = before.adapters[i]?.recipe;
    if (!was) continue;
    if (Math.abs(recipe.scaling / was.scaling / k - 1) > 0.01)
      return l10n.t`the scaling of ${was.name} did not change by ${k}`;
    if (i !== index) continue;
    const wanted = expected(was, scalingRule, changes);
    const fields = Object.keys(wanted) as (keyof ReadRecipe)[];
    const odd = fields.find((name) => !FOLLOWING.has(name) && !isEqual(wanted[name], recipe[name]));
    if (odd) return l10n.t`${odd} would change`;
  }
  return null;
}

/** The recipe that the changes should give. */
export function expected(recipe: ReadRecipe, scalingRule: ScalingRule, changes: readonly PlacedChange[]): ReadRecipe {
  const numbers = new Map<string, number>();
  // The adapter's own number comes first, then the linked ones. Unchanged numbers are left out.
  for (const [i, { change, place }] of changes.entries()) {
    const isOwn = changes.findIndex((placed) => placed.change.field === change.field) === i;
    if (isOwn && place && change.written !== null && isChanged(change)) numbers.set(change.field, change.written);
  }
  const now = <T>(field: Field, was: T): number | T => numbers.get(field) ?? was;
  const { optimizer, rank, multiplier } = recipe;
  const alpha = now('alpha', recipe.alpha);
  const learningRate = now('learningRate', recipe.learningRate);
  const loraplusLrRatio = now('loraplusLrRatio', recipe.loraplusLrRatio);
  const maxGradValue = now('maxGradValue', recipe.maxGradValue);
  const constants = CONSTANT_IDS.filter((id) => id !== 'eps' && numbers.has(id)).map((id) => [id, numbers.get(id)]);
  return {
    ...recipe,
    ...{ alpha, scalingRule, learningRate, loraplusLrRatio },
    scaling: scalingOf(scalingRule, alpha, rank, multiplier),
    lrB: loraplusLrRatio === null || learningRate === null ? null : learningRate * loraplusLrRatio,
    optimizer: {
      ...optimizer,
      eps: now('eps', optimizer.eps),
      constants: { ...optimizer.constants, ...Object.fromEntries(constants) },
      weightDecay: now('weightDecay', optimizer.weightDecay),
    },
    maxGradNorm: now('maxGradNorm', recipe.maxGradNorm),
    ...(maxGradValue === undefined ? {} : { maxGradValue }),
  };
}

const unwritten = (fault: string): Refused =>
  refused('rewrite-fault', l10n.t`The new file would not be what you asked for (${fault}), so nothing was changed.`);
