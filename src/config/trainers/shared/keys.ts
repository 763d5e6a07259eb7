/** The set of keys in a string, separated by white space. */
export function keys(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** The names of all sets. */
export const all = (...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> =>
  new Set(sets.flatMap((set) => [...set]));
