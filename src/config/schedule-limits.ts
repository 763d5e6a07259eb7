import type { Caveat } from '../recipe/caveats/caveat';
import { numberLabel } from '../recipe/notation';
import type { Field, Plan } from '../recipe/plans/plan';
import type { Interpretation, Network } from './interpretation';
import type { Unread } from './reading';
import { NO_RATES, scheduleOf, type Schedules } from './schedules';
import { numberIn } from './syntax/scalars';
import { mayBeNumber, nodeAt, type MapNode, type SyntaxNode } from './syntax/tree';
import type { Layout } from './trainers/trainer';
import { statedAt, type Context } from './values';

/** A scheduler that nobody knows, and learning rates among its arguments whose numbers are not in the file. */
export function unreadSchedule(context: Context, { schedule: keys, fields }: Layout, name: string | null): Unread[] {
  const stated = fields.scheduler && statedAt(context, fields.scheduler);
  if (!keys || !stated) return [];
  const schedule = scheduleOf(keys.schedules, name);
  const path = keys.at ? keys.at.split('.') : [];
  const args = keys.at === null ? null : nodeAt(context.root, path);
  if (!schedule) {
    const why = `The scheduler ${String(name)} is unknown, so its arguments may hold learning rates.`;
    const hasArguments = keys.at !== '' && args !== null && !(args.kind === 'scalar' && !args.value && !args.elsewhere);
    return [{ range: stated.node.inner, why, ...(hasArguments ? { mayMove: true as const } : {}) }];
  }
  const nodes = Object.keys(schedule.rates).flatMap((rate) => nodeAt(context.root, [...path, rate]) ?? []);
  // Arguments in one text have no keys here.
  const whole =
    args?.kind === 'scalar' && nodes.length === 0 && (args.elsewhere !== undefined || args.value) ? [args] : [];
  const why = `The scheduler ${String(name)} takes a learning rate here, whose number is unknown.`;
  const rates = [...whole, ...nodes.filter((node) => !isNumeric(node))];
  const unknown = keys.at !== '' && args?.kind === 'map' ? unknownArguments(args, keys.schedules) : [];
  return [...rates.map(({ range }) => ({ range, why, mayMove: true as const })), ...unknown];
}

/** Arguments that are no learning rates of any scheduler of the trainer, and not known to be something else. */
function unknownArguments({ entries }: MapNode, schedules: Schedules): Unread[] {
  const rates = new Set(Object.values(schedules).flatMap((schedule) => Object.keys(schedule.rates)));
  return entries
    .filter(({ key }) => !rates.has(key) && !NO_RATES.has(key))
    .map(({ key, keyRange, value }) => ({
      range: { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) },
      why: `The scheduler's argument ${key} is unknown; a learning rate there would have to move.`,
      ...(mayBeNumber(value) ? { mayMove: true as const } : {}),
    }));
}

function isNumeric(node: SyntaxNode): boolean {
  if (node.kind === 'list') return node.items.every(isNumeric);
  return node.kind === 'scalar' && node.elsewhere === undefined && numberIn(String(node.value)) !== undefined;
}

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
      const message = `The schedule ${recipe.scheduler} ends at a learning rate of ${numberLabel(rate)} (${name}), and ${trainer.name} has no key for it, so it stays.`;
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
    const message = `The schedule ${recipe.scheduler} has one limit for the rates of A and B alike, and this plan moves only one of the two rates.`;
    caveats.push({ code: 'schedule-rate-shared', message, limits: 'approximate' });
  }
  return caveats;
}
