import { scalarAt, type MapNode, type ScalarNode } from '../../syntax/tree';

/** The entry that tells one run of a tree from another. No file can hold it: its name is no key anybody writes. */
const MARK = '$run';

/** The tree as one of the runs in it: everything stays where it is, so references among the runs still lead somewhere. */
export function marked(root: MapNode, run: string): MapNode {
  const nowhere = { start: root.range.start, end: root.range.start };
  const value: ScalarNode = {
    kind: 'scalar',
    range: nowhere,
    inner: nowhere,
    raw: run,
    value: run,
    quoted: false,
    lock: null,
  };
  return { ...root, entries: [...root.entries, { key: MARK, keyRange: nowhere, value, home: 'fixed' }] };
}

/** Which run of its tree this is, or null. */
export function markOf(root: MapNode): string | null {
  const mark = scalarAt(root, [MARK]);
  return mark === undefined ? null : String(mark);
}
