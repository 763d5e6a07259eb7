interface Item {
  label: string;
  detail?: string;
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
  return items.find((item) => isSame(item, active));
}

/**
 * The items as they are shown while recipes come in: no recipe moves away from under the pointer. New ones follow those
 * that stand there; other ways to a config come last.
 */
export function inShownOrder<T extends Item>(before: readonly T[], items: readonly T[]): T[] {
  const placeOf = (item: T): number => {
    if (typeof item.choice === 'string') return before.length + 1;
    const place = before.findIndex((shown) => isSame(shown, item));
    return place === -1 ? before.length : place;
  };
  return items.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function isSame(a: Item, b: Item): boolean {
  return a.label === b.label && a.detail === b.detail && typeof a.choice === typeof b.choice;
}
