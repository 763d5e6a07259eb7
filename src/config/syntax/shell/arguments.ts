import * as l10n from '@vscode/l10n';
import { numberIn } from '../scalars';
import { nodeToWrite } from '../tree';
import type { Entry, Home, ListNode, Lock, MapNode, ScalarNode, SyntaxNode } from '../tree';

const ESCAPED = l10n.t`This string contains escape sequences, so the position of its value is uncertain. Write the string without them.`;
const PART = l10n.t`This value is part of a string in a variable that is also used elsewhere. Write the string out here first.`;

/** `key=value`, with exactly one `=`. */
const PAIR = /^\s*(?<key>[^=\s]+)\s*=(?<value>[^=]*)$/dg;
/** `momentum=0.9,nesterov=true` */
const LIST = /(?<=^|,)\s*(?<key>[^=,\s]+)\s*=(?<value>[^=,]*)(?=,|$)/dg;
/** `weight_decay=0.1 "betas=0.9,0.99"`; the quotes may be escaped, as in JSON. */
const WORDS = /(?<=^|\s)(?<quote>\\?["'])?(?<key>[^\s=\\"']+)=(?<value>[^\s=\\"']*)\k<quote>(?=\s|$)/dg;
/** `--max_grad_norm=0 --network_train_unet_only` */
const FLAGS =
  /(?<=^|[\s"'])--(?<key>[A-Za-z][\w-]*)(?:(?:=|\s+)(?!--)(?:(?<quote>\\?["'])(?<quoted>[^"'\\]*)\k<quote>|(?<value>[^\s"'\\]+)))?/dg;

/**
 * A list of `"key=value"` strings (kohya's optimizer_args and network_args) as a map, with the range of every value.
 * Strings without exactly one `=` are left out, because the trainer stops on them.
 */
export function argumentMap(list: ListNode, home: 'argument' | 'shell-argument' = 'argument'): MapNode {
  return { kind: 'map', range: list.range, entries: list.items.flatMap((item) => argumentEntry(item, home)) };
}

function argumentEntry(given: SyntaxNode, home: Home): Entry[] {
  if (given.kind !== 'scalar') return [];
  const item = nodeToWrite(given);
  if ((item.lock || item.origin) && item.raw !== item.value) return lockedEntry(item);
  if (typeof item.value !== 'string') return [];
  // A new argument goes next to the whole string, so the string must hold this key and value and nothing else.
  return entriesIn(item, PAIR, home).map((entry) => {
    const isWhole = entry.keyRange.start === item.inner.start && entry.value.range.end === item.inner.end;
    return isWhole ? entry : { ...entry, home: undefined };
  });
}

/** An item that contains a variable: it must not be written, and its value may be unknown. */
function lockedEntry({ origin: _, ...item }: ScalarNode): Entry[] {
  const [, key = '', raw = ''] = /^([^=\s]+)=([^=]*)$/.exec(String(item.value ?? item.raw)) ?? [];
  if (key === '') return [];
  const keyRange = { start: item.inner.start, end: item.inner.start + key.length };
  const locked = { ...item, lock: item.lock ?? { code: 'reference', message: PART } };
  const value = item.value === null ? { ...locked, unresolved: raw } : { ...locked, value: argumentValue(raw) };
  return [{ key, keyRange, value }];
}

/**
 * One string `momentum=0.9,nesterov=true` (Hugging Face's optim_args) as a map.
 * @see https://github.com/huggingface/transformers (src/transformers/trainer_optimizer.py: _parse_optim_args)
 */
export const argumentText = (node: ScalarNode): MapNode => mapIn(node, LIST, 'argument-text');

/** One string of words `weight_decay=0.1 betas=0.9,0.99`, some in quotes, as a map (kohya_ss: optimizer_args). */
export const argumentWords = (node: ScalarNode): MapNode => mapIn(node, WORDS, 'argument-words');

/**
 * The command-line flags in a string, as a map: dashes in a name become underscores, a flag without a value is true, and
 * the first of several values counts. No flag is added to the string.
 */
export const flagWords = (node: ScalarNode): MapNode => mapIn(node, FLAGS);

function mapIn(given: ScalarNode, pattern: RegExp, home?: Home): MapNode {
  const node = nodeToWrite(given);
  return { kind: 'map', range: node.range, entries: entriesIn(node, pattern, home) };
}

/** The entries of a string whose `key` and `value` a pattern finds. */
function entriesIn({ raw, value: whole, lock: own, inner }: ScalarNode, pattern: RegExp, home?: Home): Entry[] {
  // An escape other than that of a quote makes offsets in the string uncertain.
  const lock = raw !== whole && /\\(?!["'])/.test(raw) ? { code: 'escaped-text', message: ESCAPED } : own;
  return [...raw.matchAll(pattern)].map(({ indices: { groups = {} } = {} }): Entry => {
    const [from = 0, keyEnd = 0] = groups.key ?? [];
    const key = pattern === FLAGS ? raw.slice(from, keyEnd).replaceAll('-', '_') : raw.slice(from, keyEnd);
    const keyRange = { start: inner.start + from, end: inner.start + keyEnd };
    const place = groups.value ?? groups.quoted;
    if (!place) return { key, keyRange, value: argumentNode('', keyRange.end, true, lock) };
    const untrimmed = raw.slice(...place);
    const text = untrimmed.trim();
    const start = inner.start + place[0] + untrimmed.indexOf(text);
    const value = tupleNode(text, start, lock) ?? argumentNode(text, start, argumentValue(text), lock);
    return { key, keyRange, value, home: lock || groups.quoted ? undefined : home };
  });
}

/** A tuple or list of numbers, `(1e-30, 1e-3)` or `0.9,0.99`, as a list; null for other strings. */
function tupleNode(raw: string, start: number, lock: Lock | null): ListNode | null {
  const [, open = '', inside = ''] = /^([([]?)([^()[\]]*)[)\]]?$/.exec(raw) ?? [];
  const items = [...inside.matchAll(/[^,]+/g)].map((part) => {
    const text = part[0].trim();
    return argumentNode(text, start + open.length + part.index + part[0].indexOf(text), argumentValue(text), lock);
  });
  const isTuple = items.length > 1 && items.every(({ value }) => value === null || typeof value === 'number');
  return isTuple ? { kind: 'list', range: { start, end: start + raw.length }, items } : null;
}

/** A scalar inside a string, which may be replaced unless it is locked. */
function argumentNode(raw: string, start: number, value: ScalarNode['value'], lock: Lock | null): ScalarNode {
  const range = { start, end: start + raw.length };
  return { kind: 'scalar', range, inner: range, raw, value, quoted: false, lock };
}

/** Python literals, as far as configs use them; a tuple stays a string. */
function argumentValue(raw: string): ScalarNode['value'] {
  if (raw === 'None') return null;
  if (raw === 'True' || raw === 'true') return true;
  if (raw === 'False' || raw === 'false') return false;
  return numberIn(raw) ?? raw.replace(/^(["'])(.*)\1$/, '$2');
}
