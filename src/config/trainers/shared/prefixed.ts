import type { ReadField } from '../../reading';
import { nodeAt, type MapNode } from '../../syntax/tree';
import type { Fields, Key, Source } from './fields';
import type { Trap } from './trap';

/** The same key inside the map `prefix`; its label stays. */
export function keyUnder(prefix: string, key: Key): Key {
  return { ...key, path: [prefix, ...key.path] };
}

export function fieldsUnder(prefix: string, fields: Fields): Fields {
  const moved = Object.entries(fields).map(([field, source]) => [field, sourceUnder(prefix, source)] as const);
  return Object.fromEntries(moved) as Partial<Record<ReadField, Source>>;
}

export function sourceUnder(prefix: string, source: Source): Source {
  return {
    ...source,
    keys: source.keys.map((key) => keyUnder(prefix, key)),
    ...(source.write ? { write: keyUnder(prefix, source.write) } : {}),
  };
}

/** The trap of a key, which has no fixes, inside the map `prefix`. */
export function trapUnder(prefix: string, trap: Trap): Trap {
  return {
    ...trap,
    applies: (root) => trap.applies(mapAt(root, prefix)),
    ...(typeof trap.at === 'object' && { at: keyUnder(prefix, trap.at) }),
  };
}

export function mapAt(root: MapNode, name: string): MapNode {
  const node = nodeAt(root, [name]);
  return node?.kind === 'map' ? node : { kind: 'map', range: root.range, entries: [] };
}
