interface Item {
  label: string;
  /** A recipe, or the name of another way to a config. */
  choice: object | string;
}

/**
 * The item that stays active while recipes come in. Before the first recipe, the editor makes the top item active,
 * "Another file…" for example. The user did not choose that item: undefined is returned, so the first recipe becomes
 * active.
 */
export function keptItem<T extends Item>(
  before: readonly T[],
  active: T | undefined,
  items: readonly T[],
): T | undefined {
  if (!active || (typeof active.choice === 'string' && before[0] === active)) return undefined;
  return items.find(({ choice, label }) => label === active.label && typeof choice === typeof active.choice);
}
