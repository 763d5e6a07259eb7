import type { Expression } from './scope';

/** Tells the nodes of a tree apart. */
export const placeOf = ({ from, to }: Expression): number => from * 2 ** 26 + to;

/** Remembers what is computed of each node; the parser's tree makes its nodes anew whenever it is walked. */
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
