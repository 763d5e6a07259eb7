/** The set of keys in a string, separated by white space. */
export function keys(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** The names of all sets. */
export const all = (...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> =>
  new Set(sets.flatMap((set) => [...set]));

/** The names of a set without those of another. */
export const without = (set: ReadonlySet<string>, other: ReadonlySet<string>): ReadonlySet<string> =>
  new Set([...set].filter((name) => !other.has(name)));
