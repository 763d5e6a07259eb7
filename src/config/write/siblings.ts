import type { Range } from '../reading';
import { entryAt, takesNeighbour, type Entry, type Home, type MapNode, type Sibling } from '../syntax/tree';
import type { Key } from '../trainers/shared/fields';

/** A neighbour in `parent`: one of `beside`, else the last one on one line, else the last block of YAML. */
export function siblingIn(text: string, root: MapNode, parent: MapNode, beside: readonly Key[]): Sibling | null {
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
    parent.entries.findLast(isBlock) ??
    null
  );
}

/**
 * A flag of a command to insert another beside: one of `beside`, else the last, also with a dotted name.
 * @param homes the notations that the program accepts: `--key` or `key=value`
 * @param within where flags may be added; null: anywhere in the command
 */
export function flagIn(
  text: string,
  root: MapNode,
  beside: readonly Key[],
  homes: readonly Home[],
  within: Range | null,
): Sibling | null {
  const isUsable = ({ home, keyRange, value }: Sibling): boolean =>
    homes.includes(home) &&
    (within === null || (within.start <= keyRange.start && value.range.end <= within.end)) &&
    value.range.end >= keyRange.start &&
    !text.slice(keyRange.start, value.range.end).includes('\n');
  const flags = flagsIn(root).filter(takesNeighbour).filter(isUsable);
  const wanted = beside.map(({ path }) => entryAt(root, path));
  const found = wanted.flatMap((entry) => flags.find((flag) => flag === entry) ?? [])[0];
  return found ?? flags.at(-1) ?? null;
}

function flagsIn({ entries }: MapNode): Entry[] {
  return entries.flatMap((entry) => [entry, ...(entry.value.kind === 'map' ? flagsIn(entry.value) : [])]);
}
