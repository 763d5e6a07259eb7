import type { Expression } from './scope';

/** A number that identifies a node of a tree. */
export const placeOf = ({ from, to }: Expression): number => from * 2 ** 26 + to;

/**
 * Caches a result per node by its place: the parser creates new node objects on every walk, so the objects themselves
 * are no keys.
 */
export function byPlace<T>(compute: (node: Expression) => T): (node: Expression) => T {
  const results = new Map<number, { value: T }>();
  return (node) => {
    const known = results.get(placeOf(node));
    if (known) return known.value;
    const value = compute(node);
    results.set(placeOf(node), { value });
    return value;
  };
}
