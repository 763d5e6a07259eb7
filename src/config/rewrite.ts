import * as l10n from '@vscode/l10n';
import type { Caveat } from '../recipe/caveats/caveat';
import { CONSTANT_IDS } from '../recipe/optimizers/constants';
import { scalingOf, type Recipe, type ScalingRule } from '../recipe/recipe';
import type { Destination, Target } from '../recipe/target';
import type { PlanId } from '../recipe/plans/plan';
import { notUnderstoodCaveat } from './plan/claim';
import { editsInFile } from './documents/document';
import { applyEdits } from './write/edits';
import { notUnderstoodOf, type Interpretation } from './understand/interpretation';
import type { PlacedChange } from './plan/placed-changes';
import { isChanged } from './plan/config-change';
import { draftConfig, fractionalAlpha } from './planned';
import { unresolvedLock } from './plan/place';
import { interpretText, runsOf } from './read';
import type { Reading, TextEdit } from './reading';
import { unresolvedAt } from './understand/fields/values';
import { editsFor, type Writing } from './write/writing';

export type Rewriting = { edits: TextEdit[] } | { refusal: Caveat };

/**
 * The smallest edits that write a plan into the file. The edited text is read again first: if it does not give the
 * intended recipe, the result is a refusal.
 * @param target an alpha, or what else a user may ask for
 * @throws RecipeError when the target's numbers are not usable
 */
export function rewriteConfig(
  text: string,
  reading: Reading,
  recipeIndex: number,
  target: number | Target,
  planId: PlanId,
  options: { digits?: number } = {},
): Rewriting {
  const wanted = { ...options, only: planId };
  const { target: reached, drafts, refusal, file } = draftConfig(text, reading, recipeIndex, target, wanted);
  if (refusal || !file) return { refusal: refusal ?? unwritten(l10n.t('the file could not be read')) };
  const [draft] = drafts;
  if (!draft) return { refusal: { code: 'no-such-plan', message: l10n.t`This file has no plan "${planId}".` } };
  const blocked = blockOf(file, draft.moves) ?? rateOutside(file, draft.moves);
  if (blocked) return { refusal: blocked };
  const inDocument = editsFor(file, writingsOf(draft.moves));
  if (!Array.isArray(inDocument)) return { refusal: inDocument };
  const edits = editsInFile(file.document, inDocument);
  if (!edits) return { refusal: unwritten(l10n.t('a value is in several parts')) };
  const before = runsOf(text, reading);
  const onward = before.find((run) => run !== file && run.trainer === file.trainer && resumesFromFactors(run));
  if (onward) return { refusal: leftBehind(onward) };
  const after = reading.syntax ? interpretText(applyEdits(text, edits), reading.syntax) : [];
  const own = before.indexOf(file);
  const now = after[own];
  if (!now || after.length !== before.length) return { refusal: unwritten(l10n.t('the new file could not be read')) };
  const index = recipeIndex - before.slice(0, own).reduce((sum, { networks }) => sum + networks.length, 0);
  const fault = faultOf(file, now, index, reached, draft.moves);
  if (fault) return { refusal: unwritten(fault) };
  const other = before.find((run, i) => run !== file && isRunChanged(run, after[i]));
  return other ? { refusal: sharedWith(other) } : { edits };
}

/** Whether a run loads trained factors, but takes alpha from its own config. */
function resumesFromFactors({ traps, root }: Interpretation): boolean {
  return traps.some(({ code, applies }) => code === 'run-resumes' && applies(root));
}

function leftBehind({ networks }: Interpretation): Caveat {
  const name = networks[0]?.recipe.name ?? l10n.t('Another run');
  return {
    code: 'further-training',
    message: l10n.t`${name} continues from trained factors with its own alpha. If these factors come from this run, its alpha, learning rate and other numbers have to change too: change both runs by hand.`,
  };
}

/** Whether the recipes of another run changed. */
function isRunChanged(before: Interpretation, after: Interpretation | undefined): boolean {
  const recipes = (run: Interpretation): unknown =>
    run.networks.map(({ recipe: { stated: _, assumed: __, ...recipe } }) => recipe);
  return after === undefined || !isEqual(recipes(before), recipes(after));
}

function sharedWith({ networks }: Interpretation): Caveat {
  const name = networks[0]?.recipe.name ?? l10n.t('Another run');
  return {
    code: 'shared-by-runs',
    message: l10n.t`${name} uses a number that this plan changes, but its own alpha stays. Give each run its own number first.`,
  };
}

function writingsOf(moves: readonly PlacedChange[]): Writing[] {
  return moves.flatMap(({ row, place }) =>
    place && row.to !== null && isChanged(row) ? [{ place, literal: row.to }] : [],
  );
}

/** Why nothing may be written, or null. */
export function blockOf(file: Interpretation, moves: readonly PlacedChange[]): Caveat | null {
  const { lock, layout, traps, root, trainer, notes } = file;
  if (lock) return lock;
  const error = notes.find(({ severity }) => severity === 'error');
  if (error) return { code: error.code, message: l10n.t`Fix this first: ${error.message}` };
  const trap = traps.find(({ blocksEdits, applies }) => blocksEdits && applies(root));
  if (trap) return { code: trap.code, message: trap.message };
  const open = notUnderstoodCaveat(notUnderstoodOf(file).filter(({ mayMove }) => mayMove));
  if (open) return open;
  const alphas = moves.filter(({ row }) => row.field === 'alpha' && isChanged(row));
  const odd = layout.wholeAlpha ? alphas.find(({ row }) => !Number.isInteger(row.written)) : undefined;
  return odd ? fractionalAlpha(trainer.name, odd.row.written ?? 0) : null;
}

/** Refuses to write alpha without its learning rate, because that would be another run. */
function rateOutside({ networks, context }: Interpretation, moves: readonly PlacedChange[]): Caveat | null {
  const isMoving = moves.some(({ row }) => row.field === 'learningRate' && row.factor !== 1 && row.place === 'script');
  const source = networks[0]?.fields.learningRate;
  const away = isMoving && source ? unresolvedAt(context, source) : null;
  if (!away) return null;
  const { message } = unresolvedLock(away);
  return { code: 'rate-elsewhere', message: l10n.t`${away.key.label} would have to change too. ${message}` };
}

/** How the rewritten file differs from what was asked for, or null. */
function faultOf(
  before: Interpretation,
  after: Interpretation,
  index: number,
  { k, scalingRule }: Destination,
  moves: readonly PlacedChange[],
): string | null {
  if (after.networks.length !== before.networks.length) return l10n.t('an adapter is missing');
  for (const [i, { recipe }] of after.networks.entries()) {
    const was = before.networks[i]?.recipe;
    if (!was) return l10n.t('another adapter appeared');
    if (Math.abs(recipe.scaling / was.scaling / k - 1) > 0.01)
      return l10n.t`the scaling of ${was.name} did not change by ${k}`;
    const wanted = i === index ? expected(was, scalingRule, moves) : null;
    const odd =
      wanted && (Object.keys(wanted) as (keyof Recipe)[]).find((name) => !isEqual(wanted[name], recipe[name]));
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
function expected(recipe: Recipe, scalingRule: ScalingRule, moves: readonly PlacedChange[]): Recipe {
  const numbers = new Map<string, number>();
  // The network's own number comes first, then the linked ones. Unchanged numbers are left out.
  for (const [i, { row, place }] of moves.entries()) {
    const isOwn = moves.findIndex((move) => move.row.field === row.field) === i;
    if (isOwn && place && row.written !== null && isChanged(row)) numbers.set(row.field, row.written);
  }
  const alpha = numbers.get('alpha') ?? recipe.alpha;
  const learningRate = numbers.get('learningRate') ?? recipe.learningRate;
  const value = numbers.get('maxGradValue') ?? recipe.maxGradValue;
  const ratio = numbers.get('loraplusLrRatio') ?? recipe.loraplusLrRatio;
  return {
    name: recipe.name,
    rank: recipe.rank,
    alpha,
    scalingRule,
    scaling: scalingOf(scalingRule, alpha, recipe.rank, recipe.multiplier),
    useDora: recipe.useDora,
    learningRate,
    lrA: recipe.lrA,
    lrB: ratio === null || learningRate === null ? null : learningRate * ratio,
    loraplusLrRatio: ratio,
    optimizer: {
      ...recipe.optimizer,
      eps: numbers.get('eps') ?? recipe.optimizer.eps,
      constants: { ...recipe.optimizer.constants, ...constantsIn(numbers) },
      weightDecay: numbers.get('weightDecay') ?? recipe.optimizer.weightDecay,
    },
    maxGradNorm: numbers.get('maxGradNorm') ?? recipe.maxGradNorm,
    ...(value === undefined ? {} : { maxGradValue: value }),
    scheduler: recipe.scheduler,
    warmup: recipe.warmup,
    dropout: recipe.dropout,
    init: recipe.init,
    targetModules: recipe.targetModules,
  };
}

function constantsIn(numbers: ReadonlyMap<string, number>): Recipe['optimizer']['constants'] {
  const moved = CONSTANT_IDS.flatMap((id) => {
    const number = numbers.get(id);
    return id === 'eps' || number === undefined ? [] : [[id, number] as const];
  });
  return Object.fromEntries(moved);
}

function isEqual(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);
}

/** Sorts the keys of objects, so that equal objects give equal JSON. */
function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function unwritten(fault: string): Caveat {
  return {
    code: 'rewrite-fault',
    message: l10n.t`The new file would not be what you asked for (${fault}), so nothing was changed.`,
  };
}
