import type { Interpretation } from './interpret';
import type { Place } from './place';
import type { TextEdit } from './reading';
import { insertAfter } from './syntax/insert';
import { formatNumber } from './syntax/numbers';
import { entryAt, nodeAt, type Entry, type Lock, type MapNode, type ScalarNode } from './syntax/tree';
import type { Key, Layout } from './trainers/trainer';

/** A number and where it goes. */
export interface Writing {
  place: Place;
  literal: string;
}

/** The smallest edits that write all `writings`, or why one of them cannot be written. */
export function editsFor(interpretation: Interpretation, writings: readonly Writing[]): TextEdit[] | Lock {
  const joined = joinPairs(interpretation, writings);
  if (!Array.isArray(joined)) return joined;
  const edits: TextEdit[] = [];
  const newLists = new Map<string, Writing[]>();
  for (const writing of joined) {
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

/** The arguments that must be begun for this place: the list, the map or the one text is missing or empty. */
function argumentListOf({ layout, root }: Interpretation, { node, key }: Place): string | null {
  const [list = ''] = key.path;
  const isArguments = layout.argumentLists?.includes(list) === true || styleOf(layout, list) !== 'list';
  if (node || key.path.length < 2 || !isArguments) return null;
  const found = nodeAt(root, [list]);
  return found?.kind === 'map' && found.entries.length > 0 ? null : list;
}

const styleOf = ({ argumentsAt, argumentsAs }: Layout, list: string): 'list' | 'text' | 'map' =>
  (argumentsAt === list ? argumentsAs : undefined) ?? 'list';

/** Arguments with their values, as the trainer takes them. */
const ARGUMENTS: Record<ReturnType<typeof styleOf>, (args: readonly (readonly [string, string])[]) => string> = {
  list: (args) => `[${args.map(([name, value]) => `"${name}=${value}"`).join(', ')}]`,
  text: (args) => `"${args.map(([name, value]) => `${name}=${value}`).join()}"`,
  map: (args) => `{ ${args.map(([name, value]) => `${name}: ${value}`).join(', ')} }`,
};

function listInsertion(interpretation: Interpretation, list: string, args: readonly Writing[]): TextEdit[] | null {
  const { text, root, layout } = interpretation;
  const named = args.map(({ place, literal }) => [place.key.path.slice(1).join('.'), literal] as const);
  const value = ARGUMENTS[styleOf(layout, list)](named);
  const found = nodeAt(root, [list]);
  if (found) {
    const isEmptyList = found.kind === 'map' && /^\[\s*\]$/.test(text.slice(found.range.start, found.range.end));
    return isEmptyList ? [{ range: found.range, text: value }] : null;
  }
  const key: Key = { path: [list], label: list };
  const beside = args[0]?.place.beside ?? [];
  return insertionOf(interpretation, { key, node: null, isStated: false, lock: null, beside }, value);
}

/** Items of a pair that nobody wrote, such as Adafactor's eps, become one writing of the whole pair. */
function joinPairs({ root }: Interpretation, writings: readonly Writing[]): Writing[] | Lock {
  const joined: Writing[] = [];
  const pairs = new Map<string, { place: Place; items: string[] }>();
  for (const writing of writings) {
    const { place, literal } = writing;
    const parent = place.key.path.slice(0, -1);
    if (place.node || !place.pair) {
      joined.push(writing);
      continue;
    }
    if (nodeAt(root, parent)) return noPlace(place.key);
    const label = parent.join('.');
    const items = pairs.get(label)?.items ?? place.pair.map((item) => formatNumber(item, true));
    items[Number(place.key.path.at(-1))] = literal;
    pairs.set(label, { place: { ...place, key: { path: parent, label } }, items });
  }
  return [...joined, ...[...pairs.values()].map(({ place, items }) => ({ place, literal: `[${items.join(', ')}]` }))];
}

function noPlace({ label }: Key): Lock {
  return { code: 'no-place', message: `There is no line beside which ${label} could be written; add it yourself.` };
}
