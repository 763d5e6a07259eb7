import type { Run } from '../understand/run';
import type { Range, TextEdit } from '../reading';
import { insertAfter } from '../syntax/edit/insert';
import { lineEnd, lineEndingAt, lineStart } from '../syntax/lines';
import { inBraces, indentOf, inLines, keyIn, leavesOf, type NestedValue } from '../syntax/edit/nested';
import { commandIn, entryAt, nodeAt, takesNeighbour } from '../syntax/tree';
import type { Entry, Home, MapNode, Sibling, SyntaxNode } from '../syntax/tree';
import { EMPTY } from '../trainers/trainer';
import type { Key } from '../trainers/shared/fields';

/** A key that the file does not have. */
export interface NewKey {
  path: readonly string[];
  beside: readonly Key[];
  literal: string;
}

/**
 * The edits that add new keys where a person would: after related keys, in a new map if theirs is missing.
 * @returns the first key for which there is no place, where there is none
 */
export function editsForNew(run: Run, keys: readonly NewKey[]): TextEdit[] | { noPlace: NewKey } {
  const edits: TextEdit[] = [];
  for (const growing of growingTogether(run, keys)) {
    const [first] = growing;
    const own = first && (isFlag(run, first) ? newFlag(run, first) : grow(run, first, growing));
    if (own) edits.push(...own);
    else if (first) return { noPlace: first };
  }
  return edits;
}

/** On a command line every key is a flag, also with a dotted name, except arguments in their own list. */
function isFlag({ root }: Run, { path }: NewKey): boolean {
  if (!commandIn(root)) return false;
  const owner = path.length > 1 ? nodeAt(root, path.slice(0, -1)) : null;
  return owner?.kind !== 'map' || !owner.entries.some(({ home }) => home?.includes('argument'));
}

function newFlag({ root, trainer, document }: Run, { path, beside, literal }: NewKey): TextEdit[] | null {
  const { text } = document;
  const line = trainer.commandLine;
  const home = line?.isHydra === true || line?.takesOverrides?.(root) === true ? 'shell-override' : 'shell-flag';
  // In PowerShell's calls and comma lists no word can be added.
  const within = document.syntax === 'powershell' ? root.range : null;
  const flag = flagIn(text, root, beside, home, within) ?? flagIn(text, root, beside, 'shell-flag', within);
  // Hydra adds a key that its config may lack only with two plus signs.
  return flag && insertAfter(text, { ...flag, home }, `${line?.isHydra ? '++' : ''}${path.join('.')}`, literal);
}

/** Keys that begin with the same new entry of the same map, or are all that an empty map gets. */
function growingTogether({ document: { text }, root }: Run, keys: readonly NewKey[]): NewKey[][] {
  const groups = new Map<string, NewKey[]>();
  for (const key of keys) {
    const depth = depthOfMap(root, key.path);
    const isAll = depth > 0 && isBare(text, nodeAt(root, key.path.slice(0, depth)));
    const id = JSON.stringify(commandIn(root) ? key.path : key.path.slice(0, isAll ? depth : depth + 1));
    groups.set(id, [...(groups.get(id) ?? []), key]);
  }
  return [...groups.values()];
}

/** How many steps of the path lead to maps that are there. */
function depthOfMap(root: SyntaxNode, path: readonly string[]): number {
  let depth = path.length - 1;
  while (depth > 0 && nodeAt(root, path.slice(0, depth))?.kind !== 'map') depth -= 1;
  return depth;
}

/** Whether a map is written as braces with nothing between them. */
const isBare = (text: string, node: SyntaxNode | null): boolean =>
  node?.kind === 'map' && node.entries.length === 0 && /^\{\s*\}$/.test(text.slice(node.range.start, node.range.end));

function grow(run: Run, { path, beside }: NewKey, keys: readonly NewKey[]): TextEdit[] | null {
  const { root, document } = run;
  const { text } = document;
  const depth = depthOfMap(root, path);
  const above = path.slice(0, depth);
  const name = path[depth] ?? '';
  const parent = depth > 0 ? nodeAt(root, above) : root;
  const branches = branchesAt(run, above, keys);
  const branch = branches?.get(name);
  if (parent?.kind !== 'map' || !branches || branch === undefined) return null;
  const existing = entryAt(root, [...above, name]);
  if (existing) return fill(run, existing, branch);
  const holder = depth > 0 && isBare(text, parent) ? entryAt(root, above) : null;
  if (holder) return fill(run, holder, branches);
  const sibling = siblingIn(text, root, parent, beside);
  if (document.syntax === 'toml') return editsForNewInToml(run, [...above, name], parent, sibling, branch);
  if (!sibling) return null;
  // On separate lines in a block of YAML, else in braces.
  const indent = typeof branch === 'string' || sibling.home !== 'yaml-block' ? null : indentOf(text, sibling);
  const value =
    indent === null
      ? inBraces(branch, sibling.home)
      : inLines(branch, indent, lineEndingAt(text, sibling.keyRange.start));
  return value === null ? null : insertAfter(text, sibling, keyIn(sibling.home, name), value);
}

/** The new entries of the map at `path`; null if the value of one must not be replaced by a map. */
function branchesAt(run: Run, path: readonly string[], keys: readonly NewKey[]): Map<string, NestedValue> | null {
  const branches = new Map<string, NestedValue>();
  for (const name of new Set(keys.map((key) => key.path[path.length] ?? ''))) {
    const own = keys.filter((key) => key.path[path.length] === name);
    const branch = branchOf(run, [...path, name], own);
    if (branch === null) return null;
    branches.set(name, branch);
  }
  return branches;
}

/** The value at `path` with all new keys; null if the existing value must not be replaced by a map. */
function branchOf(run: Run, path: readonly string[], keys: readonly NewKey[]): NestedValue | null {
  const { root, layout, document } = run;
  const [first] = keys;
  if (first?.path.length === path.length) return first.literal;
  const node = nodeAt(root, path);
  const isEmpty = node?.kind === 'scalar' ? node.value === null : node?.kind === 'map' && node.entries.length === 0;
  const isFree = node?.kind === 'scalar' && node.lock === null && !node.origin && node.unresolved === undefined;
  if (node && !isFree && !isEmpty) return null;
  const word = node?.kind === 'scalar' && node.value !== null ? String(node.value) : null;
  const start = (layout.newMaps?.[path.join('.')] ?? EMPTY)(word);
  const branches = start && branchesAt(run, path, keys);
  if (!branches) return null;
  const quote = (word: string | number): string =>
    typeof word === 'number' || document.syntax === 'yaml' ? String(word) : JSON.stringify(word);
  return new Map([...Object.entries(start).map(([name, word]) => [name, quote(word)] as const), ...branches]);
}

/** Fills a key that is empty, or whose string stands for a map. */
function fill({ document: { text, syntax } }: Run, entry: Entry, branch: NestedValue): TextEdit[] | null {
  const { value, home, keyRange } = entry;
  if (!home || typeof branch === 'string') return null;
  const indent = indentOf(text, entry);
  const behind = text.slice(value.range.end, lineEnd(text, value.range.end));
  if (home === 'yaml-block' && indent !== null && value.kind === 'scalar' && behind.trim() === '') {
    const lines = inLines(branch, indent, lineEndingAt(text, keyRange.start));
    return [{ range: { start: text.indexOf(':', keyRange.end) + 1, end: value.range.end }, text: lines }];
  }
  const braces = inBraces(branch, home);
  const gap = value.range.start === value.range.end && syntax === 'yaml' ? ' ' : '';
  return braces === null ? null : [{ range: value.range, text: gap + braces }];
}

/** Lines in the table, beside its others; those of a new table above the first one of the file. */
function editsForNewInToml(
  { document: { text }, root }: Run,
  path: readonly string[],
  parent: MapNode,
  sibling: Sibling | null,
  branch: NestedValue,
): TextEdit[] | null {
  const name = path.at(-1) ?? '';
  if (sibling?.home === 'toml-inline') {
    return insertAfter(text, sibling, keyIn('toml-inline', name), inBraces(branch, 'toml-inline') ?? '');
  }
  const pairsUnder = (above: readonly string[]): (readonly [string, string])[] =>
    leavesOf(branch, above).map(({ path: keys, literal }) => {
      return [keys.map((key) => keyIn('toml-table', key)).join('.'), literal];
    });
  if (sibling) return pairsUnder([name]).flatMap(([key, literal]) => insertAfter(text, sibling, key, literal) ?? []);
  // A key above the header of its table would define the table twice.
  if (path.length > 1 && parent.range.end > parent.range.start) return null;
  const first = Math.min(text.length, ...root.entries.map(({ value }) => value.range.start));
  const at = lineStart(text, first);
  const end = lineEndingAt(text, 0);
  const lines = pairsUnder(path).map(([key, literal]) => `${key} = ${literal}${end}`);
  return [{ range: { start: at, end: at }, text: lines.join('') + end }];
}

/** A neighbour in `parent`: one of `beside`, else the last one on one line, else the last block or list. */
function siblingIn(text: string, root: MapNode, parent: MapNode, beside: readonly Key[]): Sibling | null {
  const isFree = (entry: Entry | null): entry is Sibling =>
    entry !== null && takesNeighbour(entry) && parent.entries.includes(entry);
  const isUsable = (entry: Entry | null): entry is Sibling =>
    isFree(entry) &&
    (entry.value.kind === 'scalar' || entry.home === 'argument') &&
    !text.slice(entry.keyRange.start, entry.value.range.end).includes('\n');
  const isBlock = (entry: Entry | null): entry is Sibling =>
    isFree(entry) && entry.home === 'yaml-block' && entry.value.kind !== 'scalar';
  const neighbours = beside.map(({ path }) => entryAt(root, path));
  return (
    neighbours.find((entry) => isUsable(entry) || isBlock(entry)) ??
    parent.entries.findLast(isUsable) ??
    parent.entries.findLast((entry) => isBlock(entry) || (isFree(entry) && entry.home === 'python-argument')) ??
    null
  );
}

/**
 * A flag of a command to insert another beside: one of `beside`, else the last, also with a dotted name.
 * @param home the notation of the flag: `--key` or `key=value`
 * @param within where flags may be added; null: anywhere in the command
 */
function flagIn(text: string, root: MapNode, beside: readonly Key[], home: Home, within: Range | null): Sibling | null {
  const isUsable = ({ home: own, keyRange, value }: Sibling): boolean =>
    own === home &&
    (within === null || (within.start <= keyRange.start && value.range.end <= within.end)) &&
    value.range.end >= keyRange.start &&
    !text.slice(keyRange.start, value.range.end).includes('\n');
  const flags = flagsIn(root).filter(takesNeighbour).filter(isUsable);
  const wanted = beside.map(({ path }) => entryAt(root, path));
  const found = wanted.find((entry) => flags.some((flag) => flag === entry));
  return flags.find((flag) => flag === found) ?? flags.at(-1) ?? null;
}

const flagsIn = ({ entries }: MapNode): Entry[] =>
  entries.flatMap((entry) => [entry, ...(entry.value.kind === 'map' ? flagsIn(entry.value) : [])]);
