/**
 * The entry of a table for a word from a file. `constructor` and `toString`, which every object inherits, give nothing.
 */
export function under<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
