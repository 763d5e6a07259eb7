export type Group<T> = readonly [T, ...T[]];

/** Items of the same key together, in the order of the first of each. */
export function inGroups<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly Group<T>[] {
  const groups = new Map<unknown, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups.values()];
}

/** The first of the most frequent values; null where there is none. */
export const mostFrequent = (values: readonly number[]): number | null =>
  inGroups(values, (value) => value).toSorted((one, other) => other.length - one.length)[0]?.[0] ?? null;
