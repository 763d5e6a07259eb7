import * as l10n from '@vscode/l10n';
import { LIMITS } from './limits';
import type { NoteFix, Notes } from '../notes';
import type { Finding, ReadField } from '../../reading';
import { formatNumber } from '../../syntax/numbers';
import type { Loader } from '../../syntax/loaders';
import { isTextTo, isTextToPyYaml, numberIn } from '../../syntax/scalars';
import {
  entryAt,
  callIn,
  isDefault,
  isWritten,
  literalBehind,
  nodeAt,
  type MapNode,
  type Scalar,
  type ScalarNode,
  type SyntaxNode,
} from '../../syntax/tree';
import type { Trainer } from '../../trainers/trainer';
import type { Key, Source } from '../../trainers/shared/fields';

/** The run that is read, its trainer, and the notes about it. */
export interface Context {
  trainer: Trainer;
  /** The trainer's loader for this syntax; undefined if it is unknown, and for commands and scripts. */
  loader?: Loader | undefined;
  root: MapNode;
  notes: Notes;
}

/** A value that the file sets. */
export interface StatedValue<T = Exclude<Scalar, null>> {
  key: Key;
  node: ScalarNode;
  value: T;
}

/** The value cannot be used; a finding says why. */
export const UNUSABLE = Symbol('unusable');

/** A call in a number's place, `lora_alpha=Option(16)`: an object that may be that number, or hold it. */
function objectAt(node: SyntaxNode | null): ScalarNode | null {
  if (node?.kind !== 'map') return null;
  const made = callIn(node);
  if (!made) return null;
  const shown = `${made.callee}(…)`;
  const { range } = node;
  return { kind: 'scalar', range, inner: range, raw: shown, value: null, quoted: false, lock: null, unresolved: shown };
}

/**
 * The node at a path, or the unresolved value above it that may hold it: `model: ${base}`. A call there is an unresolved
 * value too.
 */
function shownAt(root: MapNode, path: readonly string[]): SyntaxNode | null {
  const above = path.map((_, i) => nodeAt(root, path.slice(0, i)));
  const isOpen = (node: SyntaxNode | null): boolean => node?.kind === 'scalar' && node.unresolved !== undefined;
  const node = nodeAt(root, path) ?? above.find(isOpen) ?? null;
  return objectAt(node) ?? node;
}

/** The value at the first key that the file sets; null if there is none, or if it is unresolved. */
export function statedAt(context: Context, source: Source): StatedValue | null {
  for (const key of source.keys) {
    const node = shownAt(context.root, key.path);
    if (node?.kind !== 'scalar') continue;
    if (node.unresolved !== undefined) return null;
    if (node.value === null) continue;
    const value = key.read ? key.read(node.value) : node.value;
    if (value === undefined) continue;
    warnOfDuplicates(context, key);
    return { key, node, value };
  }
  return null;
}

/** A key whose value is an expression that was not resolved: a variable, a reference, a value in another file. */
export interface Unresolved {
  key: Key;
  node: ScalarNode;
  expression: string;
}

/** The unresolved value at the key that wins; null if that key has a value, or no key is set. */
export function unresolvedAt(context: Context, source: Source): Unresolved | null {
  for (const key of source.keys) {
    const node = shownAt(context.root, key.path);
    if (node?.kind !== 'scalar') continue;
    if (node.unresolved !== undefined) return { key, node, expression: node.unresolved };
    if (node.value !== null) return null;
  }
  return null;
}

/** Notes that a value is unknown, and why. */
export function noteUnresolved({ notes }: Context, { key, node, expression }: Unresolved): void {
  const known = node.lock;
  // The command itself has one note about its config file.
  if (known?.code === 'config-file') return;
  const why = known?.message ?? l10n.t('The value is set outside this file, so it is unknown.');
  const code = known?.code === 'loop' ? 'value-in-loop' : 'value-elsewhere';
  notes.add('info', code, l10n.t`${key.label} is ${expression}. ${why}`, node.inner);
}

/** The number that the file sets; null if it sets none; UNUSABLE if the number is invalid. */
export function numberAt(
  context: Context,
  field: ReadField,
  source: Source,
): StatedValue<number> | typeof UNUSABLE | null {
  const stated = statedAt(context, source);
  if (!stated) return null;
  const value = toNumber(context, stated);
  return value === UNUSABLE || !isAllowed(context, field, stated, value) ? UNUSABLE : { ...stated, value };
}

/** The boolean that the file sets; null if it sets none; UNUSABLE, with a note, if the value is not a boolean. */
export function booleanAt(context: Context, source: Source): StatedValue<boolean> | typeof UNUSABLE | null {
  const stated = statedAt(context, source);
  if (!stated) return null;
  if (typeof stated.value === 'boolean') return { ...stated, value: stated.value };
  return noteBadValue(context, stated, l10n.t('true or false'));
}

/**
 * Two numbers: from two keys, from a list, or from a string such as `0.9,0.99`.
 * @param counts the lengths that the class accepts; items after the second are options of the row
 */
export function betasAt(
  context: Context,
  source: Source,
  fallback: readonly [number, number] | null,
  counts: readonly number[],
): { value: [number, number]; stated: StatedValue } | typeof UNUSABLE | null {
  const [first, second] = source.keys;
  if (!first) return null;
  if (second) {
    const pair = [
      numberAt(context, 'betas', { keys: [first] }),
      numberAt(context, 'betas', { keys: [second] }),
    ] as const;
    const stated = pair[0] ?? pair[1];
    if (pair[0] === UNUSABLE || pair[1] === UNUSABLE || stated === UNUSABLE) return UNUSABLE;
    if (!stated || !fallback) return null;
    return { value: [pair[0]?.value ?? fallback[0], pair[1]?.value ?? fallback[1]], stated };
  }
  return tupleAt(context, first, counts);
}

function tupleAt(context: Context, key: Key, counts: readonly number[]): ReturnType<typeof betasAt> {
  const node = nodeAt(context.root, key.path);
  if (!node || node.kind === 'map' || (node.kind === 'scalar' && node.value === null)) return null;
  const items =
    node.kind === 'list' ? node.items.map((item) => (item.kind === 'scalar' ? String(item.value) : '')) : [];
  const texts =
    node.kind === 'list'
      ? items
      : String(node.value)
          .replace(/^\s*[[(]|[\])]\s*$/g, '')
          .split(',');
  const numbers = texts.map((text) => numberIn(text.trim()));
  const [a, b] = numbers;
  const anchor = node.kind === 'list' ? node.items.find((item) => item.kind === 'scalar') : node;
  if (anchor?.kind !== 'scalar') return null;
  const stated: StatedValue = { key, node: anchor, value: texts.join(',') };
  const isGood =
    counts.includes(numbers.length) && numbers.every((beta) => beta !== undefined && beta >= 0 && beta < 1);
  return isGood && a !== undefined && b !== undefined
    ? { value: [a, b], stated }
    : noteBadValue(
        context,
        stated,
        counts.includes(2) ? l10n.t('two numbers from 0 to below 1') : l10n.t('three numbers from 0 to below 1'),
      );
}

/** The names at the first key that has a list or a string. */
export function namesAt(
  context: Context,
  source: Source,
): { value: string[] | string; stated: StatedValue | null } | null {
  for (const key of source.keys) {
    const node = nodeAt(context.root, key.path);
    if (node?.kind === 'list') {
      const names = node.items.flatMap((item) =>
        item.kind === 'scalar' && item.value !== null ? [String(item.value)] : [],
      );
      const first = node.items.find((item) => item.kind === 'scalar');
      return { value: names, stated: first ? { key, node: first, value: names.join() } : null };
    }
    const stated = statedAt(context, { keys: [key] });
    if (stated) return { value: String(stated.value), stated };
  }
  return null;
}

/** Notes that a value is invalid, and what would be valid. */
export function noteBadValue(context: Context, { key, node, value }: StatedValue, right: string): typeof UNUSABLE {
  const shown = typeof value === 'string' && node.quoted ? `"${value}"` : String(value);
  context.notes.add('error', 'value-invalid', l10n.t`${key.label} is ${shown}; it must be ${right}.`, node.inner);
  return UNUSABLE;
}

function isAllowed(context: Context, field: ReadField, stated: StatedValue, value: number): boolean {
  const limit = LIMITS[field];
  if (!limit || limit.holds(value)) return true;
  const { key, node } = stated;
  if (isDefault(node.lock)) {
    // Programs default the rank to 0 for "no LoRA"; a run with LoRA sets another value.
    const message = l10n.t`${key.label} defaults to ${value} and must be ${limit.right} in a run. The value of the run is not in this file.`;
    context.notes.add('info', 'value-elsewhere', message, node.inner);
  } else noteBadValue(context, { ...stated, value }, limit.right);
  return false;
}

function toNumber(context: Context, stated: StatedValue): number | typeof UNUSABLE {
  const { value, key } = stated;
  const node = literalBehind(stated.node);
  const { trainer, notes } = context;
  if (typeof value === 'number') {
    const why = node.quoted ? null : whyText(context, node.raw);
    if (why !== null) {
      const text = formatNumber(value, true);
      notes.add(why.severity, 'number-without-dot', `${key.label}: ${why.message}`, node.inner, [
        { title: l10n.t`Write ${text}`, preferred: true, replace: { range: node.inner, text } },
      ]);
    }
    return value;
  }
  const number = typeof value === 'string' ? numberIn(value.trim()) : undefined;
  if (number === undefined) {
    const isReference = !trainer.interpolates && String(value).includes('${');
    return noteBadValue(
      context,
      stated,
      isReference ? l10n.t`a number: ${trainer.name} does not resolve references` : l10n.t('a number'),
    );
  }
  if (trainer.textNumbers === 'converts') return number;
  if (node.raw.includes('${')) {
    const decoded = `\${oc.decode:${node.raw}}`;
    const message = l10n.t`${node.raw} gives ${key.label} as a string; ${trainer.name} does not convert the string to a number, and the run stops. Wrap the expression in oc.decode: ${decoded}.`;
    notes.add('warning', 'number-as-text', message, node.inner);
  } else {
    const message = l10n.t`${key.label} is a quoted string; ${trainer.name} does not convert the string to a number, and the run stops. Remove the quotes.`;
    notes.add('warning', 'number-as-text', message, node.inner, [
      { title: l10n.t('Remove the quotes'), preferred: true, replace: { range: node.range, text: node.raw } },
    ]);
  }
  return number;
}

/** Why a number without quotes reaches the trainer as a string, where that stops it. */
function whyText({ trainer, loader }: Context, raw: string): Pick<Finding, 'severity' | 'message'> | null {
  if (!loader?.numbers || trainer.textNumbers === 'converts') return null;
  if (trainer.dotlessNumbers && isTextToPyYaml(raw)) return { severity: 'info', message: trainer.dotlessNumbers };
  if (!isTextTo(raw, loader.numbers)) return null;
  return { severity: 'warning', message: l10n.t`${loader.name} reads ${raw} as a string, and ${trainer.name} stops.` };
}

/** Notes duplicate keys: the last one counts (PyYAML, JSON); OmegaConf has stopped before. */
function warnOfDuplicates({ root, notes }: Context, key: Key): void {
  const parent = key.path.length > 1 ? nodeAt(root, key.path.slice(0, -1)) : root;
  const name = key.path.at(-1);
  if (parent?.kind !== 'map') return;
  const twins = parent.entries.filter((entry) => entry.key === name && isWritten(entry));
  const last = entryAt(root, key.path);
  if (twins.length > 1 && last) {
    const fixes = twins
      .slice(0, -1)
      .map((removeEntry): NoteFix => ({ title: l10n.t`Remove the first ${key.label}`, removeEntry }));
    notes.add('warning', 'key-twice', l10n.t`${key.label} is set twice; the last one counts.`, last.keyRange, fixes);
  }
}
