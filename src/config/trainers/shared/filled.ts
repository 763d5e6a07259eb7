import { callIn, entryAt, nodeAt, scalarAt, type MapNode } from '../../syntax/tree';
import type { Key } from './fields';

/** Like {@link isFilled}, for a switch: the flag alone turns it on. */
export function isOnOrFilled(root: MapNode, where: Key): boolean {
  return scalarAt(root, where.path) === true || isFilled(root, where);
}

/** Whether the key has a value: not null, false or empty. A call without arguments and an unresolved flag count. */
export function isFilled(root: MapNode, { path }: Key): boolean {
  const entry = entryAt(root, path);
  const node = nodeAt(root, path);
  if (!node) return false;
  if (entry?.home === 'shell-flag' && node.kind === 'scalar') {
    if (node.unresolved !== undefined) return true;
    // A flag without a value is not filled.
    if (node.lock?.code === 'switch') return false;
  }
  if (node.kind === 'scalar') return node.value !== null && node.value !== false && node.value !== '';
  return node.kind === 'list' ? node.items.length > 0 : callIn(node) !== null || node.entries.length > 0;
}
