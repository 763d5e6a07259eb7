import * as l10n from '@vscode/l10n';
import { oneLine, visible } from '../../recipe/visible';
import { locate, whereWords, type Document } from '../documents/document';
import type { NotUnderstood, ReadField, ReadRecipe, Unread } from '../reading';
import { listed } from '../../recipe/listed';
import { numberIn } from '../syntax/scalars';
import { MAYBE_FLAGS, SCRIPT_ARGUMENTS } from '../syntax/shell/locks';
import { commandIn, entryAt, nodeAt, type MapNode, type ScalarNode, type SyntaxNode } from '../syntax/tree';
import { UNKNOWN_GROUP } from '../trainers/python/parameter-groups';
import { NO_RATES, scheduleOf } from '../trainers/schedules';
import { unread } from '../trainers/shared/known';
import { rangeOfTrap, type Trap } from '../trainers/shared/trap';
import type { Layout } from '../trainers/trainer';
import { statedAt, unresolvedAt } from './fields/values';

/** The longest source that a headline shows, in characters. */
const LONGEST = 60;

/** Stand for what the file lacks; their reasons are sentences of their own. */
const [NO_OPTIMIZER, NO_TRAINER] = [l10n.t('no optimizer'), l10n.t('no known trainer')];
export const isMissing = (one: { source: string }): boolean => [NO_OPTIMIZER, NO_TRAINER].includes(one.source);

/** Converts document ranges to lines and ranges of the file; each range once. */
export function notUnderstoodIn(document: Document, unread: readonly Unread[]): NotUnderstood[] {
  const places = new Map<string, NotUnderstood>();
  for (const { range, why, mayMove = false, shown } of unread) {
    const { line, inCell, range: inFile } = locate(document, range);
    const key = `${inFile.start}-${inFile.end}`;
    const known = places.get(key);
    if (known) known.mayMove ||= mayMove;
    // A thousand parts of one statement may all have its range.
    if (known) continue;
    const text = visible(shown ?? document.text.slice(range.start, range.end));
    const whole = text.replace(/\s+/g, ' ').trim();
    const source = whole.length > LONGEST ? `${whole.slice(0, LONGEST - 1)}…` : whole;
    places.set(key, { line, ...(inCell && { inCell }), source, why: oneLine(why), range: inFile, mayMove });
  }
  return [...places.values()].toSorted((one, other) => one.range.start - other.range.start);
}

/** The keys that rows of the trainer or the optimizer call unclear, with their reasons. */
export function unclearKeys(traps: readonly Trap[], { fields }: Layout, root: MapNode): Unread[] {
  // A key that is missing is pointed at where the optimizer or the rank is.
  const instead = [...(fields.optimizer?.keys ?? []), ...(fields.rank?.keys ?? [])];
  const unclear = traps.filter(({ code, applies }) => code === 'not-understood' && applies(root));
  return unclear.map((trap): Unread => {
    const { at, message: why, blocksEdits = false } = trap;
    const keys = typeof at === 'object' ? [at, ...instead] : [];
    const [entry] = keys.flatMap(({ path }) => entryAt(root, path) ?? []);
    if (entry) return unread(entry, why, blocksEdits);
    return { range: rangeOfTrap(trap, root) ?? root.range, why, mayMove: blocksEdits };
  });
}

/** `line 31, optimizers=(…)`; in backticks for a headline. */
export const notUnderstoodWords = (one: NotUnderstood): string => `${whereWords(one)}, \`${one.source}\``;

/** `Not understood: line 31, "optimizers=(…)", and 2 more`; what is missing from the file is a sentence of its own. */
export function notUnderstoodHeadline(all: readonly NotUnderstood[]): string {
  const first = all.find((one) => !isMissing(one));
  if (!first) return all[0]?.why.replace(/\.$/, '') ?? '';
  const [words, more] = [notUnderstoodWords(first), all.length - 1];
  return more > 0 ? l10n.t`Not understood: ${words}, and ${more} more` : l10n.t`Not understood: ${words}`;
}

/** Fields that decide which rule applies, or whether something else trains. */
const DECIDING: readonly ReadField[] = ['optimizer', 'scheduler', 'init', 'useDora', 'useRslora', 'lrA', 'lrB'];

/** Numbers that change with the scaling. A plan cannot change them if they are not in the file. */
const MOVING: readonly ReadField[] = ['weightDecay', 'eps', 'maxGradNorm', 'maxGradValue', 'loraplusLrRatio'];

/** What stays unknown in a recipe: values outside this file, and an optimizer that the file does not name. */
export function openIn(root: MapNode, layout: Layout, { unresolved = {}, stated, optimizer }: ReadRecipe): Unread[] {
  const open = [...DECIDING, ...MOVING].flatMap((field): Unread[] => {
    const source = layout.fields[field];
    const away = unresolved[field] !== undefined && source ? unresolvedAt(root, source) : null;
    if (!away) return [];
    const { inner: range, lock } = away.node;
    if (lock?.code === 'config-file') {
      const why = l10n.t('The command reads values that no flag sets from this file.');
      return [{ range, why, shown: away.expression }];
    }
    const outside = l10n.t`${away.key.label} is set outside this file, so its value is unknown.`;
    const why = lock?.code === UNKNOWN_GROUP ? lock.message : outside;
    return [{ range, why, shown: `${away.key.label}=${away.expression}`, mayMove: MOVING.includes(field) }];
  });
  const alpha = layout.fields.alpha && statedAt(root, layout.fields.alpha);
  const range = alpha?.node.inner ?? root.range;
  if (layout.guess !== undefined) {
    const why = l10n.t('No known trainer reads this file; its keys are guessed by their names.');
    return [...open, { range, why, shown: NO_TRAINER }];
  }
  if (optimizer.name !== null || unresolved.optimizer !== undefined || stated.optimizer) return open;
  return [...open, { range, why: l10n.t('This file names no optimizer; AdamW is assumed.'), shown: NO_OPTIMIZER }];
}

/** The words of a command that may be further flags: `"$@"`, `$EXTRA_ARGS`. */
export const furtherWords = (root: MapNode): readonly ScalarNode[] => commandIn(root)?.further ?? [];

export const shownWords = (words: readonly ScalarNode[]): string =>
  listed([...new Set(words.map(({ unresolved, raw }) => unresolved ?? raw))]);

export const isScriptArgument = ({ lock }: ScalarNode): boolean => lock?.code === SCRIPT_ARGUMENTS;

const CUT_OFF = l10n.t`The command ends before this flag: there is a comment between its lines, a space after the backslash, or no backslash. The shell reads the rest as another command, and it does not reach the program.`;

/** Words that may be more flags, which override the flags before them and all defaults. */
export function furtherFlags(root: MapNode): Unread[] {
  const why = l10n.t`This part of the command may hold more flags, which override the flags before it and the defaults.`;
  const words = furtherWords(root).filter((word) => !isScriptArgument(word));
  const further = words.map(({ inner, unresolved, raw, lock }): Unread => {
    const shown = unresolved ?? raw;
    // The script gives this variable flags, which may be those that a plan changes.
    const isMoving = lock?.code === MAYBE_FLAGS;
    return { range: inner, why: isMoving ? `${lock.message} ${why}` : why, shown, mayMove: isMoving };
  });
  const cutOff = commandIn(root)?.cutOff;
  return cutOff ? [...further, { range: cutOff.inner, why: CUT_OFF, mayMove: true }] : further;
}

/** Unknown schedulers, and learning rates among the arguments of a scheduler whose values are unknown. */
export function unreadSchedule(root: MapNode, { schedule: keys, fields }: Layout, name: string | null): Unread[] {
  const stated = fields.scheduler && statedAt(root, fields.scheduler);
  if (!keys) return [];
  const { at, schedules } = keys;
  const schedule = stated ? scheduleOf(schedules, name) : { rates: {} };
  const path = at ? at.split('.') : [];
  const args = at === null ? null : nodeAt(root, path);
  const hasText = args?.kind === 'scalar' && (args.unresolved !== undefined || !!args.value);
  if (!schedule) {
    const why = l10n.t`The scheduler ${String(name)} is unknown, so its arguments may hold learning rates.`;
    const hasArguments = at !== '' && args !== null && (args.kind !== 'scalar' || hasText);
    return [{ range: stated?.node.inner ?? root.range, why, mayMove: hasArguments }];
  }
  const nodes = Object.keys(schedule.rates).flatMap((rate) => nodeAt(root, [...path, rate]) ?? []);
  const why = l10n.t`The scheduler ${String(name)} reads a learning rate here, and its value is unknown.`;
  const rates = [
    // All arguments are in one string, which has no keys in the tree.
    ...(stated && hasText && nodes.length === 0 ? [args] : []),
    ...nodes.filter((node) => !isNumeric(node)),
  ];
  const known = new Set(Object.values(schedules).flatMap((one) => Object.keys(one.rates)));
  const entries = at !== '' && args?.kind === 'map' ? args.entries : [];
  const unknown = entries.filter(({ key }) => !known.has(key) && !NO_RATES.has(key));
  return [
    ...rates.map(({ range }) => ({ range, why, mayMove: true })),
    ...unknown.map((entry) => {
      const odd = l10n.t`The scheduler argument ${entry.key} is unknown. If it is a learning rate, it has to change.`;
      return unread(entry, odd);
    }),
  ];
}

function isNumeric(node: SyntaxNode): boolean {
  if (node.kind === 'list') return node.items.every(isNumeric);
  return node.kind === 'scalar' && node.unresolved === undefined && numberIn(String(node.value)) !== undefined;
}
