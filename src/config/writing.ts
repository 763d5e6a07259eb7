import { withMapsBegun } from './beginning';
import type { Interpretation } from './interpret';
import type { Place } from './place';
import type { TextEdit, TreeSyntax } from './reading';
import { isCommand } from './syntax/command';
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
  const joined = joinPairs(interpretation, withMapsBegun(interpretation, writings));
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
  const once = edits.filter(
    (edit, i) => !(edit.text === ',' && edits.slice(0, i).some((other) => isSameEdit(edit, other))),
  );
  return deepestFirst(once);
}

/** Two keys behind one neighbour need one comma between them and it. */
function isSameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.text === b.text && a.range.start === b.range.start && a.range.end === b.range.end;
}

/** New lines at one place: those of an inner block before those of the block around it, which they would end. */
function deepestFirst(edits: readonly TextEdit[]): TextEdit[] {
  const indentOf = ({ text }: TextEdit): number => /^\r?\n([ \t]*)/.exec(text)?.[1]?.length ?? 0;
  const starts = [...new Set(edits.map(({ range }) => range.start))];
  return starts.flatMap((start) =>
    edits.filter(({ range }) => range.start === start).toSorted((a, b) => indentOf(b) - indentOf(a)),
  );
}

function replacement(text: string, { inner }: ScalarNode, literal: string): TextEdit {
  // `key:` without a value: the value needs its space.
  const gap = inner.start === inner.end && text[inner.start - 1] === ':' ? ' ' : '';
  return { range: inner, text: gap + literal };
}

function insertionOf(interpretation: Interpretation, place: Place, literal: string): TextEdit[] | null {
  const { text, root, document } = interpretation;
  const { key, beside } = place;
  if (isCommand(root)) {
    const flag = flagIn(text, root, beside);
    return flag && insertAfter(text, flag, key.path.join('.'), literal);
  }
  const name = key.path.at(-1) ?? key.label;
  const path = key.path.slice(0, -1);
  const parent = path.length > 0 ? nodeAt(root, path) : root;
  if (!parent && NESTED.has(document.syntax)) {
    const map = ARGUMENTS.map([[name, literal]], document.syntax);
    return insertionOf(interpretation, { ...place, key: { path, label: path.join('.') } }, map);
  }
  if (parent?.kind !== 'map') return null;
  const sibling = siblingIn(text, root, parent, beside);
  return sibling && insertAfter(text, sibling, name, literal);
}

/** A flag of a command on one line: one of `beside`, else the last, however deep a dotted name puts it. */
function flagIn(text: string, root: MapNode, beside: readonly Key[]): Entry | null {
  const isUsable = ({ home, keyRange, value }: Entry): boolean =>
    (home === 'shell-flag' || home === 'shell-override') &&
    value.range.end >= keyRange.start &&
    !text.slice(keyRange.start, value.range.end).includes('\n');
  const flags = flagsIn(root).filter(isUsable);
  const found = beside.map(({ path }) => entryAt(root, path)).find((entry) => entry !== null && flags.includes(entry));
  return found ?? flags.at(-1) ?? null;
}

function flagsIn({ entries }: MapNode): Entry[] {
  return entries.flatMap((entry) => [entry, ...(entry.value.kind === 'map' ? flagsIn(entry.value) : [])]);
}

/** Syntaxes in which a map that is missing can be begun on one line. */
const NESTED: ReadonlySet<TreeSyntax> = new Set(['yaml', 'json', 'toml']);

/** A neighbour: one of `beside`, else the last one on one line, else the last block of YAML. */
function siblingIn(text: string, root: MapNode, parent: MapNode, beside: readonly Key[]): Entry | null {
  const isFree = (entry: Entry | null): entry is Entry =>
    entry !== null && entry.home !== 'fixed' && parent.entries.includes(entry);
  const isUsable = (entry: Entry | null): entry is Entry =>
    isFree(entry) &&
    (entry.value.kind === 'scalar' || entry.home === 'argument') &&
    !text.slice(entry.keyRange.start, entry.value.range.end).includes('\n');
  const isBlock = (entry: Entry | null): entry is Entry =>
    isFree(entry) && entry.home === 'yaml-block' && entry.value.kind !== 'scalar';
  const neighbours = beside.map(({ path }) => entryAt(root, path));
  return (
    neighbours.find((entry) => isUsable(entry) || isBlock(entry)) ??
    parent.entries.findLast(isUsable) ??
    parent.entries.findLast(isBlock) ??
    null
  );
}

/** The arguments that must be begun for this place: the list, the map or the one text is missing or empty. */
function argumentListOf({ layout, root }: Interpretation, { node, key }: Place): string | null {
  const list = argumentLists(layout).find((label) => key.label.startsWith(`${label}.`));
  if (node || list === undefined) return null;
  const found = nodeAt(root, list.split('.'));
  return found?.kind === 'map' && found.entries.length > 0 ? null : list;
}

/** The keys that hold arguments, and can be begun here. */
const argumentLists = ({ argumentLists: lists = [], argumentsAt, argumentsAs }: Layout): readonly string[] =>
  argumentsAt !== undefined && argumentsAs !== undefined ? [...lists, argumentsAt] : lists;

type Arguments = readonly (readonly [string, string])[];

const pairs = (args: Arguments, mark: string): string[] => args.map(([name, value]) => `${name}${mark}${value}`);

/** Arguments with their values, as the trainer takes them. */
const ARGUMENTS: Record<
  NonNullable<Layout['argumentsAs']> | 'list' | 'flag',
  (args: Arguments, syntax: TreeSyntax) => string
> = {
  list: (args) =>
    `[${pairs(args, '=')
      .map((pair) => `"${pair}"`)
      .join(', ')}]`,
  flag: (args) =>
    pairs(args, '=')
      .map((pair) => `"${pair}"`)
      .join(' '),
  text: (args) => `"${pairs(args, '=').join()}"`,
  words: (args) => `"${pairs(args, '=').join(' ')}"`,
  map: (args, syntax) => {
    const quoted =
      syntax === 'json' || syntax === 'python' ? args.map(([name, value]) => [`"${name}"`, value] as const) : args;
    return `{ ${pairs(quoted, syntax === 'toml' ? ' = ' : ': ').join(', ')} }`;
  },
};

function listInsertion(interpretation: Interpretation, list: string, args: readonly Writing[]): TextEdit[] | null {
  const { text, root, layout, document } = interpretation;
  const path = list.split('.');
  const named = args.map(({ place, literal }) => [place.key.path.slice(path.length).join('.'), literal] as const);
  const style = (layout.argumentsAt === list ? layout.argumentsAs : undefined) ?? 'list';
  const value = ARGUMENTS[style === 'list' && isCommand(root) ? 'flag' : style](named, document.syntax);
  const found = nodeAt(root, path);
  if (found) {
    const isEmpty = /^(?:\[\s*\]|\{\s*\}|""|''|null)$/.test(text.slice(found.range.start, found.range.end));
    return isEmpty ? [{ range: found.range, text: value }] : null;
  }
  const key: Key = { path, label: list };
  const beside = args[0]?.place.beside ?? [];
  return insertionOf(interpretation, { key, node: null, isStated: false, lock: null, beside }, value);
}

/** Items of a pair that nobody wrote, such as Adafactor's eps, become one writing of the whole pair. */
function joinPairs({ root, layout }: Interpretation, writings: readonly Writing[]): Writing[] | Lock {
  const joined: Writing[] = [];
  const begun = new Map<string, { place: Place; items: string[] }>();
  for (const writing of writings) {
    const { place, literal } = writing;
    const parent = place.key.path.slice(0, -1);
    if (place.node || !place.pair) {
      joined.push(writing);
      continue;
    }
    if (nodeAt(root, parent)) return noPlace(place.key);
    const label = parent.join('.');
    const items = begun.get(label)?.items ?? place.pair.map((item) => formatNumber(item, true));
    items[Number(place.key.path.at(-1))] = literal;
    begun.set(label, { place: { ...place, key: { path: parent, label } }, items });
  }
  // Where a space ends an argument, a pair has none.
  const gap = layout.argumentsAs === 'words' ? ',' : ', ';
  return [...joined, ...[...begun.values()].map(({ place, items }) => ({ place, literal: `[${items.join(gap)}]` }))];
}

function noPlace({ label }: Key): Lock {
  return { code: 'no-place', message: `There is no line beside which ${label} could be written; add it yourself.` };
}
