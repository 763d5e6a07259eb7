interface Item {
  label: string;
  /** A recipe, or the name of another way to a config. */
  choice: object | string;
}

/**
 * The item that stays active while recipes come in. Another way to a config ("Another file…") that was first because no
 * recipe had come yet was chosen by nobody: then the first recipe becomes active.
 */
export function keptItem<T extends Item>(
  before: readonly T[],
  active: T | undefined,
  items: readonly T[],
): T | undefined {
  if (!active || (typeof active.choice === 'string' && before[0] === active)) return undefined;
  return items.find(({ choice, label }) => label === active.label && typeof choice === typeof active.choice);
}
