import * as l10n from '@vscode/l10n';
import { wholeAlphaError } from '../../recipe/target';
import type { Caveat } from '../../recipe/caveats/caveat';
import { roundsNothing } from '../../recipe/gauge';
import { factorLabel, numberLabel } from '../../recipe/notation';
import type { Field, Plan } from '../../recipe/plans/plan';
import type { NotUnderstood, ReadRecipe } from '../reading';
import { listed } from '../../recipe/listed';
import { literalBehind, nodeAt, withScalars } from '../syntax/tree';
import { scheduleOf } from '../trainers/schedules';
import type { Run, Adapter } from '../understand/run';
import { notUnderstoodHeadline } from '../understand/not-understood';
import { placesOfAlpha } from '../understand/recognise/like-lora';
import { isChanged, type PlacedChange } from './changes';
import { placeOf } from './place';

/**
 * The caveats that the file adds to a plan, except for what was not understood.
 * @param alpha the new alpha
 * @param trained the recipe without the values that the trainer ignores
 */
export function fileCaveats(
  run: Run,
  { recipe }: Adapter,
  plan: Plan,
  alpha: number,
  trained: ReadRecipe,
  changes: readonly PlacedChange[],
): Caveat[] {
  const { adapters, layout, trainer } = run;
  const caveats = trapCaveats(run, plan, changes);
  const note = (code: string, message: string): number => caveats.push({ code, message });
  const several = l10n.t`This file has ${adapters.length} scalings, which share the learning rate: all their alphas change by the same k.`;
  if (adapters.length > 1) note('several-scalings', several);
  if (layout.wholeAlpha && !Number.isInteger(alpha)) caveats.push(fractionalAlpha(trainer.name, alpha));
  caveats.push(...scheduleCaveats(run, recipe.scheduler ?? '', plan));
  const { loraplusLrRatio: ratio, optimizer } = recipe;
  const unused = l10n.t`The LoRA+ ratio of ${String(ratio)} stays unchanged and has no part in the plan: this trainer does not combine it with other settings of this file.`;
  if (ratio !== null && trained.loraplusLrRatio === null) note('loraplus-ignored', unused);
  const dropped = l10n.t`With a LoRA+ ratio this trainer does not pass on weight decay. The weight decay of ${String(optimizer.weightDecay)} is off before and after the change, and stays in the file.`;
  if (optimizer.weightDecay && trained.optimizer.weightDecay === 0) note('decay-ignored', dropped);
  for (const { change, place } of changes) {
    // The number replaces a name or an expression.
    const node = place?.node;
    if (!node?.origin || place?.lock || !isChanged(change)) continue;
    const message = l10n.t`${change.key} becomes a number and no longer follows ${node.raw}. ${node.origin.also}`;
    note('value-detached', message.trimEnd());
  }
  return caveats;
}

/** The same alpha in a command that is no run: it may use the trained adapter, whose scaling is then the old one. */
export function keptAlphas(run: Run, runs: readonly Run[], { alpha }: ReadRecipe, k: number): Caveat[] {
  const { document } = run;
  const own = runs.flatMap((one) => {
    const behind = one.adapters.flatMap(({ fields }) => placeOf(one, fields.alpha)?.node ?? []);
    return one.document.text === document.text
      ? [one.root.range, ...behind.map(literalBehind).map(({ inner }) => inner)]
      : [];
  });
  const places = /shell$/.test(document.syntax) && k !== 1 ? placesOfAlpha(document, alpha) : [];
  const kept = places.filter(({ start, end }) => !own.some((range) => range.start < end && start < range.end));
  const where = listed(kept.map((place) => place.where));
  const message = l10n.t`The old alpha stays in ${where}. If this uses the trained adapter, change it too; otherwise its ΔW is ${factorLabel(1 / k)}.`;
  return kept.length === 0 ? [] : [{ code: 'alpha-elsewhere', message }];
}

/** A trap limits a plan if it applies to the file, or to what the plan writes: a rate that the trainer replaces. */
function trapCaveats(run: Run, { id, grouped, gauge }: Plan, changes: readonly PlacedChange[]): Caveat[] {
  const written = new Map(changes.map(({ change, place }) => [place?.node?.inner.start, change.written]));
  const after = withScalars(run.root, (node) => ({ ...node, value: written.get(node.inner.start) ?? node.value }));
  return (
    run.traps
      .filter((trap) => (trap.limits ?? trap.blocksEdits) && (trap.plans?.includes(id) ?? true))
      .filter(({ applies }) => applies(run.root) || applies(after))
      .filter((trap) => !(grouped && trap.unscaled !== undefined))
      .filter((trap) => !(trap.ifRounding && roundsNothing(gauge)))
      .toSorted((one, other) => Number(other.blocksEdits ?? false) - Number(one.blocksEdits ?? false))
      // If nothing may be written, something else decides the run, so no plan is exact.
      .map(({ code, message, limits = 'approximate' }) => ({ code, message, ...(limits !== 'exact' && { limits }) }))
  );
}

export const fractionalAlpha = (trainer: string, alpha: number): Caveat => ({
  code: 'alpha-not-whole',
  message: wholeAlphaError(trainer, alpha),
});

/** What was not understood, as a caveat that makes every plan approximate; none if all was. */
export function notUnderstoodCaveat(list: readonly NotUnderstood[]): Caveat | null {
  if (list.length === 0) return null;
  const words = new Set([`${notUnderstoodHeadline(list)}.`, ...list.map(({ why }) => why)]);
  return { code: 'not-understood', message: [...words].join(' '), limits: 'approximate' };
}

/** The learning rates inside a scheduler: some cannot be written, some hold for A and B alike. */
function scheduleCaveats({ layout: { schedule: keys }, root, trainer }: Run, name: string, plan: Plan): Caveat[] {
  const schedule = keys && scheduleOf(keys.schedules, name);
  if (!schedule) return [];
  const { at } = keys;
  const rates = Object.entries(schedule.rates);
  const moves = (field: Field): boolean =>
    plan.changes.some((change) => change.field === field && change.of === undefined && change.factor !== 1);
  const kept = at === null && moves('learningRate') ? rates.filter(([, rate]) => rate !== 0) : [];
  const caveats = kept.map(([key, rate]): Caveat => {
    const message = l10n.t`The schedule ${name} ends at a learning rate of ${numberLabel(rate)} (${key}), and ${trainer.name} has no key for it, so it stays.`;
    return { code: 'schedule-rate-fixed', message, limits: 'approximate' };
  });
  const isSet = ([key, rate]: readonly [string, number]): boolean =>
    rate !== 0 || (at !== null && nodeAt(root, [...(at === '' ? [] : at.split('.')), key]) !== null);
  const isSplit = plan.grouped || moves('loraplusLrRatio');
  if (schedule.forAllGroups && isSplit && (rates.length === 0 || rates.some(isSet))) {
    const message = l10n.t`The schedule ${name} has one limit for the learning rates of A and B, and this plan changes only one of them.`;
    caveats.push({ code: 'schedule-rate-shared', message, limits: 'approximate' });
  }
  return caveats;
}
