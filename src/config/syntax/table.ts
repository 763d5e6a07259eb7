/**
 * What a table has under a word that stands in somebody's file: nothing under `constructor` or `toString`, which every
 * object has.
 */
export function under<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
