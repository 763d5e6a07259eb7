import * as l10n from '@vscode/l10n';
import type { Unread } from '../reading';
import { numberIn } from '../syntax/scalars';
import { mayBeNumber, nodeAt, type MapNode, type SyntaxNode } from '../syntax/tree';
import { NO_RATES, scheduleOf, type Schedules } from '../trainers/schedules';
import type { Layout } from '../trainers/trainer';
import { statedAt, type Context } from './fields/values';

/** Unknown schedulers, and learning rates among the arguments of a scheduler whose values are unknown. */
export function unreadSchedule(context: Context, { schedule: keys, fields }: Layout, name: string | null): Unread[] {
  const stated = fields.scheduler && statedAt(context, fields.scheduler);
  if (!keys || !stated) return [];
  const schedule = scheduleOf(keys.schedules, name);
  const path = keys.at ? keys.at.split('.') : [];
  const args = keys.at === null ? null : nodeAt(context.root, path);
  if (!schedule) {
    const why = l10n.t`The scheduler ${String(name)} is unknown, so its arguments may hold learning rates.`;
    const hasArguments =
      keys.at !== '' && args !== null && !(args.kind === 'scalar' && !args.value && !args.unresolved);
    return [{ range: stated.node.inner, why, ...(hasArguments ? { mayMove: true as const } : {}) }];
  }
  const nodes = Object.keys(schedule.rates).flatMap((rate) => nodeAt(context.root, [...path, rate]) ?? []);
  // All arguments are in one string, which has no keys in the tree.
  const whole =
    args?.kind === 'scalar' && nodes.length === 0 && (args.unresolved !== undefined || args.value) ? [args] : [];
  const why = l10n.t`The scheduler ${String(name)} reads a learning rate here, and its value is unknown.`;
  const rates = [...whole, ...nodes.filter((node) => !isNumeric(node))];
  const unknown = keys.at !== '' && args?.kind === 'map' ? unknownArguments(args, keys.schedules) : [];
  return [...rates.map(({ range }) => ({ range, why, mayMove: true as const })), ...unknown];
}

/** Arguments that no scheduler of the trainer is known to have. */
function unknownArguments({ entries }: MapNode, schedules: Schedules): Unread[] {
  const rates = new Set(Object.values(schedules).flatMap((schedule) => Object.keys(schedule.rates)));
  return entries
    .filter(({ key }) => !rates.has(key) && !NO_RATES.has(key))
    .map(({ key, keyRange, value }) => ({
      range: { start: keyRange.start, end: Math.max(keyRange.end, value.range.end) },
      why: l10n.t`The scheduler argument ${key} is unknown. If it is a learning rate, it has to change.`,
      ...(mayBeNumber(value) ? { mayMove: true as const } : {}),
    }));
}

function isNumeric(node: SyntaxNode): boolean {
  if (node.kind === 'list') return node.items.every(isNumeric);
  return node.kind === 'scalar' && node.unresolved === undefined && numberIn(String(node.value)) !== undefined;
}
