import * as l10n from '@vscode/l10n';
import type { Caveat } from '../../recipe/caveats/caveat';
import { numberLabel } from '../../recipe/notation';
import type { Field, Plan } from '../../recipe/plans/plan';
import type { Interpretation, Network } from '../understand/interpretation';
import { scheduleOf } from '../trainers/schedules';
import { nodeAt } from '../syntax/tree';

/** What the learning rates inside a scheduler make of a plan: some cannot be written, some hold for A and B alike. */
export function scheduleLimits({ layout, root, trainer }: Interpretation, { recipe }: Network, plan: Plan): Caveat[] {
  const keys = layout.schedule;
  const schedule = keys && scheduleOf(keys.schedules, recipe.scheduler);
  if (!schedule) return [];
  const { at } = keys;
  const rates = Object.entries(schedule.rates);
  const moves = (field: Field): boolean =>
    plan.changes.some((change) => change.field === field && change.of === undefined && change.factor !== 1);
  const caveats: Caveat[] = [];
  const fixed = at === null ? rates.filter(([, rate]) => rate !== 0) : [];
  if (moves('learningRate')) {
    for (const [name, rate] of fixed) {
      const message = l10n.t`The schedule ${recipe.scheduler ?? ''} ends at a learning rate of ${numberLabel(rate)} (${name}), and ${trainer.name} has no key for it, so it stays.`;
      caveats.push({ code: 'schedule-rate-fixed', message, limits: 'approximate' });
    }
  }
  const isSet = ([name, rate]: readonly [string, number]): boolean =>
    rate !== 0 || (at !== null && nodeAt(root, [...(at === '' ? [] : at.split('.')), name]) !== null);
  if (
    schedule.forAllGroups &&
    (plan.grouped || moves('loraplusLrRatio')) &&
    (rates.length === 0 || rates.some(isSet))
  ) {
    const message = l10n.t`The schedule ${recipe.scheduler ?? ''} has one limit for the learning rates of A and B, and this plan changes only one of them.`;
    caveats.push({ code: 'schedule-rate-shared', message, limits: 'approximate' });
  }
  return caveats;
}
