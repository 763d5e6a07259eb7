import type { TextEdit } from './reading';
import { writeKey, type Interpretation } from './interpret';
import { insertAfter } from './syntax/insert';
import { formatNumber, isWrittenWhole } from './syntax/numbers';
import { numberIn } from './syntax/scalars';
import { entryAt, nodeAt, type Entry, type Lock, type MapNode, type ScalarNode } from './syntax/tree';
import type { Key, Source } from './trainers/trainer';
import { statedAt } from './values';

/** Where a number will be written. */
export interface Place {
  key: Key;
  /** The scalar that is replaced, or null where the key has to be inserted. */
  node: ScalarNode | null;
  /** False where nobody wrote a number (the key is not there, is empty, or stands for a default). */
  isStated: boolean;
  lock: Lock | null;
  beside: readonly Key[];
}

/** Where the number of `source` is written, or null where the config has no key for it. */
export function placeOf({ context, root }: Interpretation, source: Source | undefined): Place | null {
  if (!source || source.fixed) return null;
  const beside = source.beside ?? [];
  const stated = statedAt(context, source);
  if (stated)
    return { key: stated.key, node: stated.node, isStated: true, lock: stated.lock ?? stated.node.lock, beside };
  const key = writeKey(source);
  if (!key) return null;
  const node = nodeAt(root, key.path);
  if (node?.kind === 'scalar') return { key, node, isStated: false, lock: node.lock, beside };
  return { key, node: null, isStated: false, lock: null, beside };
}

/** The place of a scalar that is known to stand there. */
export function placeAt(key: Key, node: ScalarNode): Place {
  return { key, node, isStated: true, lock: node.lock, beside: [] };
}

/** Whether both mean the same scalar, or the same key where none stands yet. */
export function isSamePlace(a: Place | null, b: Place | null): boolean {
  if (!a || !b) return false;
  return a.node && b.node ? a.node.inner.start === b.node.inner.start : a.key.label === b.key.label;
}

/** `value` in the style in which the place holds its number now. */
export function literalFor({ node }: Place, value: number, whole: boolean): string {
  const isNumber = node !== null && numberIn(node.raw.trim()) !== undefined;
  return formatNumber(value, isNumber ? !isWrittenWhole(node.raw.trim()) : !whole);
}

/** Pairs of words for no and yes, as the readers of YAML, TOML, JSON and Python take them. */
const SWITCHES: readonly (readonly [no: string, yes: string])[] = [
  ['false', 'true'],
  ['False', 'True'],
  ['FALSE', 'TRUE'],
  ['no', 'yes'],
  ['No', 'Yes'],
  ['off', 'on'],
  ['Off', 'On'],
];

/** `on` in the words in which the place says yes or no now. */
export function switchFor({ node }: Place, on: boolean): string {
  const pair = SWITCHES.find((words) => words.includes(node?.raw.trim() ?? ''));
  return (pair ?? ['false', 'true'])[on ? 1 : 0];
}

/** A number and where it goes. */
export interface Writing {
  place: Place;
  literal: string;
}

/** The smallest edits that write all `writings`, or why one of them cannot be written. */
export function editsFor(interpretation: Interpretation, writings: readonly Writing[]): TextEdit[] | Lock {
  const edits: TextEdit[] = [];
  const newLists = new Map<string, Writing[]>();
  for (const writing of writings) {
    const { place } = writing;
    if (place.lock) return place.lock;
    const list = argumentListOf(interpretation, place);
    if (list) newLists.set(list, [...(newLists.get(list) ?? []), writing]);
    else {
      const own = place.node
        ? [replacement(interpretation.text, place.node, writing.literal)]
        : insertionOf(interpretation, place, writing.literal);
      if (!own) return noPlace(place.key);
      edits.push(...own);
    }
  }
  for (const [list, args] of newLists) {
    const own = listInsertion(interpretation, list, args);
    const [first] = args;
    if (!own) return noPlace(first?.place.key ?? { path: [list], label: list });
    edits.push(...own);
  }
  return edits;
}

function replacement(text: string, { inner }: ScalarNode, literal: string): TextEdit {
  // `key:` without a value: the value needs its space.
  const gap = inner.start === inner.end && /\S/.test(text[inner.start - 1] ?? ' ') ? ' ' : '';
  return { range: inner, text: gap + literal };
}

function insertionOf({ text, root }: Interpretation, { key, beside }: Place, literal: string): TextEdit[] | null {
  const name = key.path.at(-1) ?? key.label;
  const parent = key.path.length > 1 ? nodeAt(root, key.path.slice(0, -1)) : root;
  if (parent?.kind !== 'map') return null;
  const sibling = siblingIn(text, root, parent, beside);
  return sibling && insertAfter(text, sibling, name, literal);
}

/** A neighbour on one line: one of `beside`, else the last that will do. */
function siblingIn(text: string, root: MapNode, parent: MapNode, beside: readonly Key[]): Entry | null {
  const isUsable = (entry: Entry | null): entry is Entry =>
    entry !== null &&
    entry.home !== 'fixed' &&
    parent.entries.includes(entry) &&
    (entry.value.kind === 'scalar' || entry.home === 'argument') &&
    !text.slice(entry.keyRange.start, entry.value.range.end).includes('\n');
  return beside.map(({ path }) => entryAt(root, path)).find(isUsable) ?? parent.entries.findLast(isUsable) ?? null;
}

/** The list of `"key=value"` texts that must be begun for this place: it is missing, or empty. */
function argumentListOf({ layout, root }: Interpretation, { node, key }: Place): string | null {
  const [list = ''] = key.path;
  if (node || key.path.length < 2 || !layout.argumentLists?.includes(list)) return null;
  const found = nodeAt(root, [list]);
  return found?.kind === 'map' && found.entries.length > 0 ? null : list;
}

function listInsertion(interpretation: Interpretation, list: string, args: readonly Writing[]): TextEdit[] | null {
  const { text, root } = interpretation;
  const texts = args.map(({ place, literal }) => `"${place.key.path.at(-1)}=${literal}"`).join(', ');
  const found = nodeAt(root, [list]);
  if (found?.kind === 'map') {
    if (!/^\[\s*\]$/.test(text.slice(found.range.start, found.range.end))) return null;
    return [{ range: found.range, text: `[${texts}]` }];
  }
  const key: Key = { path: [list], label: list };
  const beside = args[0]?.place.beside ?? [];
  return found
    ? null
    : insertionOf(interpretation, { key, node: null, isStated: false, lock: null, beside }, `[${texts}]`);
}

function noPlace({ label }: Key): Lock {
  return { code: 'no-place', message: `There is no line beside which ${label} could be written; add it yourself.` };
}
