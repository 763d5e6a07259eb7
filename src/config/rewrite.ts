import * as l10n from '@vscode/l10n';
import type { Caveat } from '../recipe/caveats/caveat';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';
import type { PlanId } from '../recipe/plans/plan';
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
import { areSameRuns, edited, isEqual, refused, type Refused } from './write/edited';
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
  options: { digits?: number } = {},
): Rewriting {
  const wanted = { ...options, only: planId };
  const { target: reached, drafts, refusal, located } = draftConfig(text, reading, recipeIndex, target, wanted);
  if (refusal || !located || !reading.syntax) {
    return refusal ? { refusal } : unwritten(l10n.t('the file could not be read'));
  }
  const { run, index } = located;
  const [draft] = drafts;
  if (!draft) return refused('no-such-plan', l10n.t`This file has no plan "${planId}".`);
  const { changes } = draft;
  const blocked = blockOf(run, changes) ?? rateOutside(run, changes);
  if (blocked) return { refusal: blocked };
  const after = edited(text, reading.syntax, run, writingsOf(changes));
  if ('refusal' in after) return after;
  const before = runsOf(text, reading);
  const onward = before.find((other) => other !== run && other.trainer === run.trainer && resumesFromFactors(other));
  if (onward) {
    return refused(
      'further-training',
      l10n.t`${nameOf(onward)} continues from trained factors with its own alpha. If these factors come from this run, its alpha, learning rate and other numbers have to change too: change both runs by hand.`,
    );
  }
  const own = before.indexOf(run);
  const now = after.runs[own];
  if (!now || after.runs.length !== before.length) return unwritten(l10n.t('the new file could not be read'));
  const fault = faultOf(run, now, index, reached, changes);
  if (fault) return unwritten(fault);
  const other = before.find((each, i) => each !== run && !areSameRuns([each], after.runs.slice(i, i + 1)));
  if (!other) return { edits: after.edits };
  return refused(
    'shared-by-runs',
    l10n.t`${nameOf(other)} uses a number that this plan changes, but its own alpha stays. Give each run its own number first.`,
  );
}

/** Whether a run loads trained factors, but takes alpha from its own config. */
function resumesFromFactors({ traps, root }: Run): boolean {
  return traps.some(({ code, applies }) => code === 'run-resumes' && applies(root));
}

function nameOf({ adapters }: Run): string {
  return adapters[0]?.recipe.name ?? l10n.t('Another run');
}

function writingsOf(changes: readonly PlacedChange[]): Writing[] {
  return changes.flatMap(({ change, place }) =>
    place && change.to !== null && isChanged(change) ? [{ place, literal: change.to }] : [],
  );
}

/** Why nothing may be written, or null. */
export function blockOf(run: Run, changes: readonly PlacedChange[]): Caveat | null {
  const { layout, traps, root, trainer, notes } = run;
  const error = notes.find(({ severity }) => severity === 'error');
  if (error) return { code: error.code, message: l10n.t`Fix this first: ${error.message}` };
  const trap = traps.find(({ blocksEdits, applies }) => blocksEdits && applies(root));
  if (trap) return { code: trap.code, message: trap.message };
  const open = notUnderstoodCaveat(notUnderstoodOf(run).filter(({ mayMove }) => mayMove));
  if (open) return open;
  const alphas = changes.filter(({ change }) => change.field === 'alpha' && isChanged(change));
  const odd = layout.wholeAlpha ? alphas.find(({ change }) => !Number.isInteger(change.written)) : undefined;
  return odd ? fractionalAlpha(trainer.name, odd.change.written ?? 0) : null;
}

/** Refuses to write alpha without its learning rate, because that would be another run. */
function rateOutside({ adapters, root }: Run, changes: readonly PlacedChange[]): Caveat | null {
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
const FOLLOWING: ReadonlySet<keyof ReadRecipe> = new Set(['stated', 'assumed', 'unresolved', 'unscaled', 'loraBias']);

/** How the rewritten file differs from what was asked for, or null. */
function faultOf(
  before: Run,
  after: Run,
  index: number,
  { k, scalingRule }: Destination,
  changes: readonly PlacedChange[],
): string | null {
  if (after.adapters.length !== before.adapters.length) return l10n.t('an adapter is missing');
  for (const [i, { recipe }] of after.adapters.entries()) {
    const was = before.adapters[i]?.recipe;
    if (!was) return l10n.t('another adapter appeared');
    if (Math.abs(recipe.scaling / was.scaling / k - 1) > 0.01)
      return l10n.t`the scaling of ${was.name} did not change by ${k}`;
    const wanted = i === index ? expected(was, scalingRule, changes) : null;
    const odd =
      wanted &&
      (Object.keys(wanted) as (keyof ReadRecipe)[]).find(
        (name) => !FOLLOWING.has(name) && !isEqual(wanted[name], recipe[name]),
      );
    if (odd) return differenceIn(odd, recipe[odd], wanted[odd]);
  }
  return null;
}

/** `optimizer.eps would be 1e-8, not 4e-8`; for lists and maps only the name. */
function differenceIn(name: string, found: unknown, wanted: unknown): string {
  if (isMap(found) && isMap(wanted)) {
    const part = Object.keys({ ...wanted, ...found }).find((key) => !isEqual(found[key], wanted[key]));
    if (part !== undefined) return differenceIn(`${name}.${part}`, found[part], wanted[part]);
  }
  const [is, was] = [found, wanted].map((value) => (value === null || value === undefined ? l10n.t('nothing') : value));
  return typeof is === 'object' || typeof was === 'object'
    ? l10n.t`${name} would change`
    : l10n.t`${name} would be ${String(is)}, not ${String(was)}`;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The recipe that the changes should give. */
function expected(recipe: ReadRecipe, scalingRule: ScalingRule, changes: readonly PlacedChange[]): ReadRecipe {
  const numbers = new Map<string, number>();
  // The adapter's own number comes first, then the linked ones. Unchanged numbers are left out.
  for (const [i, { change, place }] of changes.entries()) {
    const isOwn = changes.findIndex((placed) => placed.change.field === change.field) === i;
    if (isOwn && place && change.written !== null && isChanged(change)) numbers.set(change.field, change.written);
  }
  const { optimizer } = recipe;
  const alpha = numbers.get('alpha') ?? recipe.alpha;
  const learningRate = numbers.get('learningRate') ?? recipe.learningRate;
  const value = numbers.get('maxGradValue') ?? recipe.maxGradValue;
  const ratio = numbers.get('loraplusLrRatio') ?? recipe.loraplusLrRatio;
  const constants = CONSTANT_IDS.flatMap((id) => {
    const number = numbers.get(id);
    return id === 'eps' || number === undefined ? [] : [[id, number] as const];
  });
  return {
    ...recipe,
    alpha,
    scalingRule,
    scaling: scalingOf(scalingRule, alpha, recipe.rank, recipe.multiplier),
    learningRate,
    lrB: ratio === null || learningRate === null ? null : learningRate * ratio,
    loraplusLrRatio: ratio,
    optimizer: {
      ...optimizer,
      eps: numbers.get('eps') ?? optimizer.eps,
      constants: { ...optimizer.constants, ...Object.fromEntries(constants) },
      weightDecay: numbers.get('weightDecay') ?? optimizer.weightDecay,
    },
    maxGradNorm: numbers.get('maxGradNorm') ?? recipe.maxGradNorm,
    ...(value === undefined ? {} : { maxGradValue: value }),
  };
}

function unwritten(fault: string): Refused {
  return refused(
    'rewrite-fault',
    l10n.t`The new file would not be what you asked for (${fault}), so nothing was changed.`,
  );
}
