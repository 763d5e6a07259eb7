import type { Entry, MapNode } from '../../syntax/tree';

/**
 * The entries of a map that a guess may be made of. Of a command these are the program's own flags, none of its
 * launcher's, and of a flag that is given twice the last, as argparse takes it.
 */
export function ownEntries(map: MapNode): readonly Entry[] {
  if (!map.command) return map.entries;
  const last = new Map(map.entries.map((entry) => [entry.key, entry]));
  return map.entries.filter((entry) => !entry.key.startsWith('$') && last.get(entry.key) === entry);
}
