import type { Run } from '../understand/run';
import type { Range, TextEdit } from '../reading';
import { insertAfter } from '../syntax/edit/insert';
import { lineEndingAt } from '../syntax/lines';
import { addTo } from '../syntax/table';
import { inBraces, indentOf, inLines, keyIn, leavesOf, type NestedValue } from '../syntax/edit/nested';
import { callIn, commandIn, entryAt, nodeAt, takesNeighbour } from '../syntax/tree';
import type { Entry, Home, MapNode, Sibling, SyntaxNode } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';

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

/** Keys that begin with the same new entry of the same map. */
function growingTogether({ root }: Run, keys: readonly NewKey[]): NewKey[][] {
  const groups = new Map<string, NewKey[]>();
  for (const key of keys) {
    const id = JSON.stringify(commandIn(root) ? key.path : key.path.slice(0, depthOfMap(root, key.path) + 1));
    addTo(groups, id, key);
  }
  return [...groups.values()];
}

function depthOfMap(root: SyntaxNode, path: readonly string[]): number {
  let depth = path.length - 1;
  while (depth > 0 && nodeAt(root, path.slice(0, depth))?.kind !== 'map') depth -= 1;
  return depth;
}

function grow(run: Run, { path, beside }: NewKey, keys: readonly NewKey[]): TextEdit[] | null {
  const { root, document } = run;
  const { text } = document;
  const depth = depthOfMap(root, path);
  const above = path.slice(0, depth);
  const name = path[depth] ?? '';
  const parent = depth > 0 ? nodeAt(root, above) : root;
  if (parent?.kind !== 'map' || entryAt(root, [...above, name])) return null;
  const branch = branchOf(run, [...above, name], keys);
  const sibling = siblingIn(text, root, parent, beside);
  if (sibling?.home === 'toml-table') {
    const inTable = (keys: readonly string[]): string => keys.map((key) => keyIn('toml-table', key)).join('.');
    return leavesOf(branch, [name]).flatMap(
      (leaf) => insertAfter(text, sibling, inTable(leaf.path), leaf.literal) ?? [],
    );
  }
  const { start: begin, end } = parent.range;
  // `LoraConfig()` gets its first argument.
  const isOpen = depth > 0 && callIn(parent) && /^[^(]+\(\s*\)$/.test(text.slice(begin, end));
  if (!sibling && isOpen && typeof branch === 'string')
    return [{ range: { start: end - 1, end: end - 1 }, text: `${name}=${branch}` }];
  if (!sibling) return null;
  // On separate lines in a block of YAML, else in braces.
  const indent = typeof branch === 'string' || sibling.home !== 'yaml-block' ? null : indentOf(text, sibling);
  const value =
    indent === null
      ? inBraces(branch, sibling.home)
      : inLines(branch, indent, lineEndingAt(text, sibling.keyRange.start));
  return value === null ? null : insertAfter(text, sibling, keyIn(sibling.home, name), value);
}

/** The value of a new entry at `path`: the literal, or a map with all keys that begin so. */
function branchOf(run: Run, path: readonly string[], keys: readonly NewKey[]): NestedValue {
  const { layout, document } = run;
  const [first] = keys;
  if (first?.path.length === path.length) return first.literal;
  const quote = (word: string | number): string =>
    typeof word === 'number' || document.syntax === 'yaml' ? String(word) : JSON.stringify(word);
  const branches = new Map<string, NestedValue>(
    Object.entries(layout.newMaps?.[path.join('.')] ?? {}).map(([name, word]) => [name, quote(word)]),
  );
  for (const name of new Set(keys.map((key) => key.path[path.length] ?? ''))) {
    const own = keys.filter((key) => key.path[path.length] === name);
    branches.set(name, branchOf(run, [...path, name], own));
  }
  return branches;
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
  const [near] = beside.flatMap(({ path }) => flags.filter((flag) => flag === entryAt(root, path)));
  return near ?? flags.at(-1) ?? null;
}

const flagsIn = ({ entries }: MapNode): Entry[] =>
  entries.flatMap((entry) => [entry, ...(entry.value.kind === 'map' ? flagsIn(entry.value) : [])]);
