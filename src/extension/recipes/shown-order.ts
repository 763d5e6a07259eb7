interface Item {
  label: string;
  detail?: string;
  /** A recipe, or the name of another way to a config. */
  choice: object | string;
}

/**
 * The items in the order of a list that is open: what stands there keeps its place, gone or not, and what is new follows.
 * A row that moves away from under the pointer would be another one by the time it is clicked.
 */
export function inShownOrder<T extends Item>(before: readonly T[], items: readonly T[]): T[] {
  const kept = before.map((shown) => items.find((item) => isSame(item, shown)) ?? shown);
  return [...kept, ...items.filter((item) => !before.some((shown) => isSame(item, shown)))];
}

/** Whether two items stand for one and the same recipe, or other way to a config. */
export function isSame(a: Item, b: Item): boolean {
  return a.label === b.label && a.detail === b.detail && typeof a.choice === typeof b.choice;
}
