import * as l10n from '@vscode/l10n';
import { numberIn, plainScalar } from '../scalars';
import {
  nodeToWrite,
  type Entry,
  type ListNode,
  type Lock,
  type MapNode,
  type ScalarNode,
  type SyntaxNode,
} from '../tree';

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: l10n.t(
    'This string contains escape sequences, so the position of its value is uncertain. Write the string without them.',
  ),
};

const PART: Lock = {
  code: 'reference',
  message: l10n.t(
    'This value is part of a string in a variable that is also used elsewhere. Write the string out here first.',
  ),
};

/**
 * A list of `"key=value"` strings (kohya's optimizer_args and network_args) as a map, with the range of every value.
 * Strings without exactly one `=` are left out, because the trainer stops on them.
 */
export function argumentMap(list: ListNode, home: 'argument' | 'shell-argument' = 'argument'): MapNode {
  return { kind: 'map', range: list.range, entries: list.items.flatMap((item) => argumentEntry(item, home)) };
}

/** The words after a flag such as `--optimizer_args`, one or more, as a map. */
export function flagArguments(entry: Entry): Entry {
  const { value, home } = entry;
  if (home !== 'shell-flag' || value.kind === 'map') return entry;
  const list: ListNode = value.kind === 'list' ? value : { kind: 'list', range: value.range, items: [value] };
  return { ...entry, value: argumentMap(list, 'shell-argument') };
}

function argumentEntry(given: SyntaxNode, written: 'argument' | 'shell-argument'): Entry[] {
  if (given.kind !== 'scalar') return [];
  const item = nodeToWrite(given);
  if ((item.lock || item.origin) && item.raw !== item.value) return lockedEntry(item);
  if (typeof item.value !== 'string') return [];
  const match = /^(\s*)([^=\s]+)(\s*=\s*)/.exec(item.raw);
  if (!match) return [];
  const [all, lead = '', key = '', equals = ''] = match;
  const raw = item.raw.slice(all.length).trimEnd();
  if (raw.includes('=')) return [];
  const keyStart = item.inner.start + lead.length;
  const start = keyStart + key.length + equals.length;
  const range = { start, end: start + raw.length };
  // A new argument goes next to the whole string, so the string must hold this key and value and nothing else.
  const home = lead === '' && range.end === item.inner.end ? written : undefined;
  const lock = item.raw === item.value ? item.lock : ESCAPED;
  const value = tupleNode(raw, start, lock) ?? argumentNode(raw, start, argumentValue(raw), lock);
  return [{ key, keyRange: { start: keyStart, end: keyStart + key.length }, value, home }];
}

/** An item that contains a variable: it must not be written, and its value may be unknown. */
function lockedEntry({ origin: _, ...item }: ScalarNode): Entry[] {
  const [, key = '', raw = ''] = /^([^=\s]+)=([^=]*)$/.exec(String(item.value ?? item.raw)) ?? [];
  if (key === '') return [];
  const keyRange = { start: item.inner.start, end: item.inner.start + key.length };
  const locked = { ...item, lock: item.lock ?? PART };
  const value = item.value === null ? { ...locked, unresolved: raw } : { ...locked, value: argumentValue(raw) };
  return [{ key, keyRange, value }];
}

/** A tuple or list of numbers, `(1e-30, 1e-3)` or `0.9,0.99`, as a list; null for other strings. */
export function tupleNode(raw: string, start: number, lock: Lock | null): ListNode | null {
  const [, open = '', inside = ''] = /^([([]?)([^()[\]]*)[)\]]?$/.exec(raw) ?? [];
  const parts = [...inside.matchAll(/[^,]+/g)];
  const items = parts.map((part) => {
    const text = part[0].trim();
    const at = start + open.length + part.index + part[0].indexOf(text);
    return argumentNode(text, at, argumentValue(text), lock);
  });
  const isTuple = items.length > 1 && items.every(({ value }) => value === null || typeof value === 'number');
  return isTuple ? { kind: 'list', range: { start, end: start + raw.length }, items } : null;
}

/** A scalar inside a string, which may be replaced unless it is locked. */
export function argumentNode(raw: string, start: number, value: ScalarNode['value'], lock: Lock | null): ScalarNode {
  const range = { start, end: start + raw.length };
  return { kind: 'scalar', range, inner: range, raw, value, quoted: false, lock };
}

/**
 * One string `momentum=0.9,nesterov=true` (Hugging Face's optim_args) as a map.
 * @see https://github.com/huggingface/transformers (src/transformers/trainer_optimizer.py: _parse_optim_args)
 */
export function argumentText(given: ScalarNode): MapNode {
  const node = nodeToWrite(given);
  const lock = node.raw === node.value ? node.lock : ESCAPED;
  const home = lock ? undefined : 'argument-text';
  const entries = [...node.raw.matchAll(/[^,]+/g)].flatMap((match): Entry[] => {
    const [pair] = match;
    const [name = '', text, more] = pair.split('=', 3);
    const [key, raw] = [name.trim(), text?.trim() ?? ''];
    if (key === '' || text === undefined || more !== undefined) return [];
    const keyStart = node.inner.start + match.index + name.indexOf(key);
    const start = node.inner.start + match.index + name.length + 1 + text.indexOf(raw);
    const value = argumentNode(raw, start, plainScalar(raw), lock);
    return [{ key, keyRange: { start: keyStart, end: keyStart + key.length }, value, home }];
  });
  return { kind: 'map', range: node.range, entries };
}

/** Python literals, as far as configs use them; a tuple stays a string. */
export function argumentValue(raw: string): ScalarNode['value'] {
  if (raw === 'None') return null;
  if (raw === 'True' || raw === 'true') return true;
  if (raw === 'False' || raw === 'false') return false;
  return numberIn(raw) ?? raw.replace(/^(["'])(.*)\1$/, '$2');
}
