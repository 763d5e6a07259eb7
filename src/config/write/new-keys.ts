import type { Interpretation } from '../understand/interpretation';
import { editsForNewInToml } from './new-tables';
import type { TextEdit } from '../reading';
import { flagIn, siblingIn } from './siblings';
import { insertAfter } from '../syntax/edit/insert';
import { lineEnd, lineEndingAt } from '../syntax/lines';
import { inBraces, indentOf, inLines, insertFirst, keyIn, type NestedValue } from '../syntax/edit/nested';
import {
  callIn,
  commandIn,
  entryAt,
  nodeAt,
  type Entry,
  type MapNode,
  type Sibling,
  type SyntaxNode,
} from '../syntax/tree';
import { EMPTY } from '../trainers/trainer';
import type { Key } from '../trainers/shared/fields';

/** A key that the file does not have. */
export interface NewKey {
  path: readonly string[];
  /** Neighbours to insert it after, best first. */
  beside: readonly Key[];
  literal: string;
}

/**
 * The edits that add new keys where a person would: after related keys, in a new map if theirs is missing.
 * @returns the first key for which there is no place, where there is none
 */
export function editsForNew(file: Interpretation, keys: readonly NewKey[]): TextEdit[] | { noPlace: NewKey } {
  const edits: TextEdit[] = [];
  for (const growing of growingTogether(file, keys)) {
    const [first] = growing;
    const own = first && (isFlag(file, first) ? newFlag(file, first) : grow(file, first, growing));
    if (own) edits.push(...own);
    else if (first) return { noPlace: first };
  }
  return edits;
}

/** On a command line every key is a flag, also with a dotted name, except arguments in their own list. */
function isFlag({ root }: Interpretation, { path }: NewKey): boolean {
  if (!commandIn(root)) return false;
  const owner = path.length > 1 ? nodeAt(root, path.slice(0, -1)) : null;
  return owner?.kind !== 'map' || !owner.entries.some(({ home }) => home?.includes('argument'));
}

function newFlag({ text, root, trainer, document }: Interpretation, key: NewKey): TextEdit[] | null {
  const { path, beside, literal } = key;
  const line = trainer.commandLine;
  const isOverride = line?.isHydra === true || line?.takesOverrides?.(root) === true;
  // In PowerShell's calls and comma lists no word can be added.
  const within = document.syntax === 'powershell' ? root.range : null;
  const own = flagIn(text, root, beside, [isOverride ? 'shell-override' : 'shell-flag'], within);
  const flag = own ?? (isOverride ? flagIn(text, root, beside, ['shell-flag'], within) : null);
  // Hydra adds a key that its config may lack only with two plus signs.
  const plus = line?.isHydra ? '++' : '';
  const home = isOverride ? 'shell-override' : 'shell-flag';
  return flag && insertAfter(text, { ...flag, home }, `${plus}${path.join('.')}`, literal);
}

/** Keys that begin with the same new entry of the same map, or are all that an empty map gets. */
function growingTogether({ text, root }: Interpretation, keys: readonly NewKey[]): NewKey[][] {
  const groups = new Map<string, NewKey[]>();
  for (const key of keys) {
    const depth = depthOfMap(root, key.path);
    const holder = nodeAt(root, key.path.slice(0, depth));
    const isAll = isBareBraces(text, holder) || isBareCall(text, holder);
    const id = commandIn(root) ? key.path : key.path.slice(0, isAll && depth > 0 ? depth : depth + 1);
    const label = JSON.stringify(id);
    groups.set(label, [...(groups.get(label) ?? []), key]);
  }
  return [...groups.values()];
}

/** How many steps of the path lead to maps that are there. */
function depthOfMap(root: SyntaxNode, path: readonly string[]): number {
  let depth = path.length - 1;
  while (depth > 0 && nodeAt(root, path.slice(0, depth))?.kind !== 'map') depth -= 1;
  return depth;
}

function grow(file: Interpretation, { path, beside }: NewKey, keys: readonly NewKey[]): TextEdit[] | null {
  const { text, root, document } = file;
  const depth = depthOfMap(root, path);
  const above = path.slice(0, depth);
  const name = path[depth] ?? '';
  const parent = depth > 0 ? nodeAt(root, above) : root;
  const branch = branchOf(file, [...above, name], keys.filter(isUnder(depth, name)));
  if (parent?.kind !== 'map' || branch === null) return null;
  const existing = entryAt(root, [...above, name]);
  if (existing) return fill(file, existing, branch);
  const holder = depth > 0 && isBareBraces(text, parent) ? entryAt(root, above) : null;
  if (holder) {
    const names = [...new Set(keys.map((key) => key.path[depth] ?? ''))];
    const named = names.map((own) => [own, branchOf(file, [...above, own], keys.filter(isUnder(depth, own)))] as const);
    const whole = new Map(named.flatMap(([own, below]) => (below === null ? [] : [[own, below] as const])));
    return whole.size === names.length ? fill(file, holder, whole) : null;
  }
  if (isBareCall(text, parent)) return [firstArguments(parent, keys)];
  if (document.syntax === 'toml') return editsForNewInToml(text, root, { path: above, parent, beside, name, branch });
  const sibling = siblingIn(text, root, parent, beside);
  if (!sibling) return insertFirst(text, parent, name, branch);
  const value = valueBeside(file, sibling, branch);
  return value === null ? null : insertAfter(text, sibling, keyIn(sibling.home, name), value);
}

/** The map at `path` with all new keys; null if the existing value must not be replaced by a map. */
function branchOf(file: Interpretation, path: readonly string[], keys: readonly NewKey[]): NestedValue | null {
  const { root, layout, document } = file;
  const [first] = keys;
  if (first?.path.length === path.length) return first.literal;
  const node = nodeAt(root, path);
  const isTaken =
    node && (node.kind !== 'scalar' || node.lock !== null || node.origin || node.unresolved !== undefined);
  if (isTaken && !isEmpty(node)) return null;
  const word = node?.kind === 'scalar' && node.value !== null ? String(node.value) : null;
  const start = (layout.newMaps?.[path.join('.')] ?? EMPTY)(word);
  if (!start) return null;
  const quote = (word: string | number): string =>
    typeof word === 'number' || document.syntax === 'yaml' ? String(word) : JSON.stringify(word);
  const branch = new Map<string, NestedValue>(Object.entries(start).map(([name, text]) => [name, quote(text)]));
  for (const name of new Set(keys.map((key) => key.path[path.length] ?? ''))) {
    const below = branchOf(file, [...path, name], keys.filter(isUnder(path.length, name)));
    if (below === null) return null;
    branch.set(name, below);
  }
  return branch;
}

const isUnder =
  (depth: number, name: string) =>
  ({ path }: NewKey): boolean =>
    path[depth] === name;

/** Whether a map is written as braces with nothing between them. */
function isBareBraces(text: string, node: SyntaxNode | null): boolean {
  if (node?.kind !== 'map' || node.entries.length > 0) return false;
  return /^\{\s*\}$/.test(text.slice(node.range.start, node.range.end));
}

/** Whether a map is a call without arguments: `LoraConfig()`. */
function isBareCall(text: string, node: SyntaxNode | null): node is MapNode {
  if (node?.kind !== 'map' || !callIn(node) || node.entries.length > 0) return false;
  return /\(\s*\)$/.test(text.slice(node.range.start, node.range.end));
}

function firstArguments({ range: { end } }: MapNode, keys: readonly NewKey[]): TextEdit {
  const args = keys.map(({ path, literal }) => `${path.at(-1) ?? ''}=${literal}`);
  return { range: { start: end - 1, end: end - 1 }, text: args.join(', ') };
}

function isEmpty(node: SyntaxNode): boolean {
  return node.kind === 'scalar' ? node.value === null : node.kind === 'map' && node.entries.length === 0;
}

/** A value after a sibling: on separate lines in a block of YAML, else in braces. */
function valueBeside({ text }: Interpretation, sibling: Sibling, branch: NestedValue): string | null {
  if (typeof branch === 'string') return branch;
  const indent = sibling.home === 'yaml-block' ? indentOf(text, sibling) : null;
  if (indent === null) return inBraces(branch, sibling.home);
  return inLines(branch, indent, lineEndingAt(text, sibling.keyRange.start));
}

/** Fills a key that is empty, or whose string stands for a map. */
function fill({ text, document }: Interpretation, entry: Entry, branch: NestedValue): TextEdit[] | null {
  const { value, home, keyRange } = entry;
  if (!home || typeof branch === 'string') return null;
  const indent = indentOf(text, entry);
  const behind = text.slice(value.range.end, lineEnd(text, value.range.end));
  if (home === 'yaml-block' && indent !== null && value.kind === 'scalar' && behind.trim() === '') {
    const lines = inLines(branch, indent, lineEndingAt(text, keyRange.start));
    return [{ range: { start: text.indexOf(':', keyRange.end) + 1, end: value.range.end }, text: lines }];
  }
  const braces = inBraces(branch, home);
  const gap = value.range.start === value.range.end && document.syntax === 'yaml' ? ' ' : '';
  return braces === null ? null : [{ range: value.range, text: gap + braces }];
}
