/** Adds a value to the list that a table of lists has for a key. */
export function addTo<Key, Value>(lists: Map<Key, Value[]>, key: Key, value: Value): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}

/**
 * The entry of a table for a word from a file. `constructor` and `toString`, which every object inherits, give nothing.
 */
export const under = <T>(table: Readonly<Record<string, T>>, word: string): T | undefined =>
  Object.hasOwn(table, word) ? table[word] : undefined;
