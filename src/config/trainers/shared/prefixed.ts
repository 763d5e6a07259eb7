import type { ReadField } from '../../reading';
import { nodeAt, type MapNode } from '../../syntax/tree';
import { rangeOfTrap, type Trap, type TrapFix } from './trap';
import type { Fields, Key, Source } from './fields';

/** The same key inside the map `prefix`; its label stays. */
export function keyUnder(prefix: string, key: Key): Key {
  return { ...key, path: [prefix, ...key.path] };
}

/** The fields with all keys inside the map `prefix`. */
export function fieldsUnder(prefix: string, fields: Fields): Fields {
  const moved = Object.entries(fields).map(([field, source]) => [field, sourceUnder(prefix, source)] as const);
  return Object.fromEntries(moved) as Partial<Record<ReadField, Source>>;
}

/** The source with all keys inside the map `prefix`. */
export function sourceUnder(prefix: string, source: Source): Source {
  return {
    ...source,
    keys: source.keys.map((key) => keyUnder(prefix, key)),
    ...(source.write ? { write: keyUnder(prefix, source.write) } : {}),
    ...(source.beside ? { beside: source.beside.map((key) => keyUnder(prefix, key)) } : {}),
  };
}

/** The trap with all keys inside the map `prefix`. */
export function trapUnder(prefix: string, trap: Trap): Trap {
  const under = (key: Key): Key => keyUnder(prefix, key);
  return {
    ...trap,
    applies: (root) => trap.applies(mapAt(root, prefix)),
    ...(typeof trap.at === 'object'
      ? { at: under(trap.at) }
      : { at: (root: MapNode) => rangeOfTrap(trap, mapAt(root, prefix)) }),
    ...(trap.fixes ? { fixes: trap.fixes.map((fix) => fixUnder(under, fix)) } : {}),
  };
}

function fixUnder(under: (key: Key) => Key, { set, remove, ...fix }: TrapFix): TrapFix {
  const moved = set?.map(({ beside, ...one }) => ({
    ...one,
    key: under(one.key),
    ...(beside ? { beside: beside.map(under) } : {}),
  }));
  return { ...fix, ...(moved ? { set: moved } : {}), ...(remove ? { remove: remove.map(under) } : {}) };
}

/** The map at `name`, or an empty map. */
export function mapAt(root: MapNode, name: string): MapNode {
  const node = nodeAt(root, [name]);
  return node?.kind === 'map' ? node : { kind: 'map', range: root.range, entries: [] };
}
