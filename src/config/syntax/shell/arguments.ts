import * as l10n from '@vscode/l10n';
import { numberIn } from '../scalars';
import {
  nodeToWrite,
  type Entry,
  type Home,
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

/** An escape other than that of a quote, which makes offsets in the string uncertain. */
const ESCAPE = /\\(?!["'])/;

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

function argumentEntry(given: SyntaxNode, written: Home): Entry[] {
  if (given.kind !== 'scalar') return [];
  const item = nodeToWrite(given);
  if ((item.lock || item.origin) && item.raw !== item.value) return lockedEntry(item);
  if (typeof item.value !== 'string') return [];
  const [all = '', lead = '', key = '', equals = ''] = /^(\s*)([^=\s]+)(\s*=\s*)/.exec(item.raw) ?? [];
  const raw = item.raw.slice(all.length).trimEnd();
  if (key === '' || raw.includes('=')) return [];
  const keyStart = item.inner.start + lead.length;
  const start = keyStart + key.length + equals.length;
  // A new argument goes next to the whole string, so the string must hold this key and value and nothing else.
  const home = lead === '' && start + raw.length === item.inner.end ? written : undefined;
  return [pairEntry(key, keyStart, raw, start, item.raw === item.value ? item.lock : ESCAPED, home)];
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

/**
 * One string `momentum=0.9,nesterov=true` (Hugging Face's optim_args) as a map.
 * @see https://github.com/huggingface/transformers (src/transformers/trainer_optimizer.py: _parse_optim_args)
 */
export function argumentText(given: ScalarNode): MapNode {
  const node = nodeToWrite(given);
  const lock = node.raw === node.value ? node.lock : ESCAPED;
  const entries = [...node.raw.matchAll(/[^,]+/g)].flatMap((match): Entry[] => {
    const [name = '', text, more] = match[0].split('=', 3);
    const [key, raw] = [name.trim(), text?.trim() ?? ''];
    if (key === '' || text === undefined || more !== undefined) return [];
    const at = node.inner.start + match.index;
    const start = at + name.length + 1 + text.indexOf(raw);
    return [pairEntry(key, at + name.indexOf(key), raw, start, lock, lock ? undefined : 'argument-text')];
  });
  return { kind: 'map', range: node.range, entries };
}

/**
 * One string of words `weight_decay=0.1 betas=0.9,0.99`, some in quotes, as a map (kohya_ss: optimizer_args).
 * The quotes may be escaped, as in JSON.
 */
export function argumentWords(given: ScalarNode): MapNode {
  const node = nodeToWrite(given);
  const lock = lockOf(node);
  const words = node.raw.matchAll(
    /(?<=^|\s)(?<quote>\\?["'])?(?<key>[^\s=\\"']+)=(?<value>[^\s=\\"']*)\k<quote>(?=\s|$)/g,
  );
  const entries = [...words].map((match): Entry => {
    const { quote = '', key = '', value = '' } = match.groups ?? {};
    const start = node.inner.start + match.index + quote.length;
    return pairEntry(key, start, value, start + key.length + 1, lock, lock ? undefined : 'argument-words');
  });
  return { kind: 'map', range: node.range, entries };
}

/**
 * The command-line flags in a string, `--max_grad_norm=0 --network_train_unet_only`, as a map: dashes in a name
 * become underscores, a flag without a value is true, and the first of several values counts.
 */
export function flagWords(given: ScalarNode): MapNode {
  const node = nodeToWrite(given);
  const lock = lockOf(node);
  const flags = node.raw.matchAll(
    /(?<=^|[\s"'])--(?<name>[A-Za-z][\w-]*)(?:(?<gap>=|\s+)(?!--)(?:(?<quote>\\?["'])(?<quoted>[^"'\\]*)\k<quote>|(?<bare>[^\s"'\\]+)))?/g,
  );
  const entries = [...flags].map((match): Entry => {
    const { name = '', gap = '', quote = '', quoted, bare } = match.groups ?? {};
    const start = node.inner.start + match.index + 2;
    const at = start + name.length + gap.length + quote.length;
    const entry = pairEntry(name, start, quoted ?? bare ?? '', at, lock, lock || quote ? undefined : 'flag-words');
    const isSwitch = quoted === undefined && bare === undefined;
    const value = isSwitch ? argumentNode('', at, true, lock) : entry.value;
    return { ...entry, key: name.replaceAll('-', '_'), value };
  });
  return { kind: 'map', range: node.range, entries };
}

function lockOf({ raw, value, lock }: ScalarNode): Lock | null {
  return raw !== value && ESCAPE.test(raw) ? ESCAPED : lock;
}

function pairEntry(key: string, at: number, raw: string, start: number, lock: Lock | null, home?: Home): Entry {
  const value = tupleNode(raw, start, lock) ?? argumentNode(raw, start, argumentValue(raw), lock);
  return { key, keyRange: { start: at, end: at + key.length }, value, home };
}

/** A tuple or list of numbers, `(1e-30, 1e-3)` or `0.9,0.99`, as a list; null for other strings. */
export function tupleNode(raw: string, start: number, lock: Lock | null): ListNode | null {
  const [, open = '', inside = ''] = /^([([]?)([^()[\]]*)[)\]]?$/.exec(raw) ?? [];
  const items = [...inside.matchAll(/[^,]+/g)].map((part) => {
    const text = part[0].trim();
    return argumentNode(text, start + open.length + part.index + part[0].indexOf(text), argumentValue(text), lock);
  });
  const isTuple = items.length > 1 && items.every(({ value }) => value === null || typeof value === 'number');
  return isTuple ? { kind: 'list', range: { start, end: start + raw.length }, items } : null;
}

/** A scalar inside a string, which may be replaced unless it is locked. */
export function argumentNode(raw: string, start: number, value: ScalarNode['value'], lock: Lock | null): ScalarNode {
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
