import * as l10n from '@vscode/l10n';
import type { ReadField, Unread } from '../../reading';
import type { Loader } from '../../syntax/loaders';
import { entriesOf, callIn, entryAt, isWritten, nodeAt, type MapNode } from '../../syntax/tree';
import type { Scalar, ScalarNode, SyntaxNode } from '../../syntax/tree';
import { isNull, key, type Key, type Source } from '../../trainers/shared/fields';
import { isAmong, unread } from '../../trainers/shared/known';
import type { Notes } from '../notes';
import type { FoundRun } from '../recognise/opened';

/** The run that is read, its trainer, and the notes about it. */
export interface Context extends Pick<FoundRun, 'document' | 'trainer' | 'layout' | 'root'> {
  /** The trainer's loader for this syntax; undefined if it is unknown, and for commands and scripts. */
  loader: Loader | undefined;
  notes: Notes;
  /** What the fields found and cannot be followed. */
  unread: Unread[];
}

export interface StatedValue {
  key: Key;
  node: ScalarNode;
  value: Exclude<Scalar, null>;
}

/** A key whose value is an expression that was not resolved: a variable, a reference, a value in another file. */
export interface Unresolved {
  key: Key;
  node: ScalarNode;
  expression: string;
}

/**
 * The node at a path, or the unresolved value above it that may hold it: `model: ${base}`. A call in a number's place,
 * `lora_alpha=Option(16)`, is an object that may be that number, or hold it, so it is unresolved too.
 */
function shownAt(root: MapNode, path: readonly string[]): SyntaxNode | null {
  const above = path.map((_, i) => nodeAt(root, path.slice(0, i)));
  const node =
    nodeAt(root, path) ?? above.find((one) => one?.kind === 'scalar' && one.unresolved !== undefined) ?? null;
  const made = node?.kind === 'map' ? callIn(node) : null;
  if (!node || !made) return node;
  const shown = `${made.callee}(…)`;
  const { range } = node;
  return { kind: 'scalar', range, inner: range, raw: shown, value: null, quoted: false, lock: null, unresolved: shown };
}

function found(root: MapNode, { keys }: Pick<Source, 'keys'>): StatedValue | Unresolved | null {
  for (const key of keys) {
    const node = shownAt(root, key.path);
    if (node?.kind !== 'scalar') continue;
    if (node.unresolved !== undefined) return { key, node, expression: node.unresolved };
    const value = node.value !== null && key.read ? key.read(node.value) : node.value;
    if (value !== null && value !== undefined) return { key, node, value };
  }
  return null;
}

/** The value at the first key that the file sets; null if there is none, or if it is unresolved. */
export function statedAt(root: MapNode, source: Pick<Source, 'keys'>): StatedValue | null {
  const at = found(root, source);
  return at && 'value' in at ? at : null;
}

/** The unresolved value at the key that wins; null if that key has a value, or no key is set. */
export function unresolvedAt(root: MapNode, source: Pick<Source, 'keys'>): Unresolved | null {
  const at = found(root, source);
  return at && 'expression' in at ? at : null;
}

/** {@link statedAt}, with a note if its key is set twice: the last one counts (PyYAML, JSON); OmegaConf has stopped. */
export function notedAt({ root, notes }: Context, source: Pick<Source, 'keys'>): StatedValue | null {
  const stated = statedAt(root, source);
  const { path, label } = stated?.key ?? { path: [], label: '' };
  const parent = nodeAt(root, path.slice(0, -1));
  if (!stated || parent?.kind !== 'map') return stated;
  const twins = entriesOf(parent, path.at(-1) ?? '').filter(isWritten);
  const last = entryAt(root, path);
  if (twins.length < 2 || !last) return stated;
  notes.add('warning', 'key-twice', l10n.t`${label} is set twice; the last one counts.`, last.keyRange);
  return stated;
}

/** Nulls in place of a value with a default, or of a map above it but an optimizer's arguments: most trainers stop there. */
export function nullsAt({ root, layout }: Context, { keys }: Source): Unread[] {
  const above = keys.flatMap(({ path }) => path.slice(1).map((_, i) => key(path.slice(0, i + 1).join('.'))));
  const maps = above.filter(({ label }) => label !== layout.argumentsAt);
  return [...keys, ...maps].flatMap(({ path, label }) => {
    const entry = isAmong(layout.nullable ?? '', label) ? null : entryAt(root, path);
    const why = l10n.t`${label} is null, and no default replaces it: most trainers stop there. Remove the line to use the default.`;
    return entry && isNull(root, path) ? [unread(entry, why, true)] : [];
  });
}

/** The names at the first key that has a list or a string. */
export function namesAt(
  context: Context,
  source: Source,
): { value: string[] | string; stated: StatedValue | null } | null {
  for (const key of source.keys) {
    const node = nodeAt(context.root, key.path);
    if (node?.kind === 'list') {
      const scalars = node.items.filter((item) => item.kind === 'scalar');
      const names = scalars.flatMap(({ value }) => (value === null ? [] : [String(value)]));
      const [first] = scalars;
      return { value: names, stated: first ? { key, node: first, value: names.join() } : null };
    }
    const stated = notedAt(context, { keys: [key] });
    if (stated) return { value: String(stated.value), stated };
  }
  return null;
}

export function noteUnresolved({ notes }: Context, { key, node, expression }: Unresolved): void {
  const known = node.lock;
  // The command itself has one note about its config file.
  if (known?.code === 'config-file') return;
  const why = known?.message ?? l10n.t('The value is set outside this file, so it is unknown.');
  notes.add('info', 'value-elsewhere', l10n.t`${key.label} is ${expression}. ${why}`, node.inner);
}

export function noteBadValue({ notes }: Context, { key, node, value }: StatedValue, right: string): null {
  const shown = typeof value === 'string' && node.quoted ? `"${value}"` : String(value);
  notes.add('error', 'value-invalid', l10n.t`${key.label} is ${shown}; it must be ${right}.`, node.inner);
  return null;
}

/** Reads the value of a field; null, with a note, if the value is invalid. */
export type ReadValue<T> = (context: Context, stated: StatedValue, field: ReadField) => T | null;

export const booleanFrom: ReadValue<boolean> = (context, stated) =>
  typeof stated.value === 'boolean' ? stated.value : noteBadValue(context, stated, l10n.t('true or false'));
