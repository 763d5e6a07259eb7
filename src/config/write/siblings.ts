import type { Range } from '../reading';
import { entryAt, type Entry, type Home, type MapNode } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';

/** A neighbour in `parent`: one of `beside`, else the last one on one line, else the last block of YAML. */
export function siblingIn(text: string, root: MapNode, parent: MapNode, beside: readonly Key[]): Entry | null {
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

/**
 * A flag of a command on one line: one of `beside`, else the last, however deep a dotted name puts it.
 * @param homes as its program takes flags: `key=value` is a stray word to those that want `--key`
 * @param within where flags may be added; null: wherever the command's words stand
 */
export function flagIn(
  text: string,
  root: MapNode,
  beside: readonly Key[],
  homes: readonly Home[],
  within: Range | null,
): Entry | null {
  const isUsable = ({ home, keyRange, value }: Entry): boolean =>
    homes.includes(home) &&
    (within === null || (within.start <= keyRange.start && value.range.end <= within.end)) &&
    value.range.end >= keyRange.start &&
    !text.slice(keyRange.start, value.range.end).includes('\n');
  const flags = flagsIn(root).filter(isUsable);
  const found = beside.map(({ path }) => entryAt(root, path)).find((entry) => entry !== null && flags.includes(entry));
  return found ?? flags.at(-1) ?? null;
}

function flagsIn({ entries }: MapNode): Entry[] {
  return entries.flatMap((entry) => [entry, ...(entry.value.kind === 'map' ? flagsIn(entry.value) : [])]);
}
