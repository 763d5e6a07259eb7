export interface Choice {
  ids: readonly string[];
  /** The row chosen last without Shift. */
  anchor: string | null;
  before: readonly string[];
}

export function choiceOf(ids: readonly string[]): Choice {
  return { ids, anchor: null, before: ids };
}

export function toggled({ ids }: Choice, id: string): Choice {
  const next = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
  return { ids: next, anchor: id, before: next };
}

/**
 * Chooses every row between the anchor and this one; a range that shrinks lets rows go again.
 * @param shown ids of the rows that can be chosen, in their order
 * @param from the anchor where there is none yet
 */
export function ranged({ anchor, before }: Choice, to: string, shown: readonly string[], from = to): Choice {
  const start = anchor !== null && shown.includes(anchor) ? anchor : from;
  const [first, last] = [shown.indexOf(start), shown.indexOf(to)].sort((a, b) => a - b);
  const range = shown.slice(first, (last ?? 0) + 1);
  return { ids: [...new Set([...before, ...range])], anchor: start, before };
}

/** Chooses all rows that are shown, or lets them go where they are chosen already. */
export function toggledAll({ ids }: Choice, shown: readonly string[]): Choice {
  const isAll = shown.every((id) => ids.includes(id));
  return choiceOf(isAll ? ids.filter((id) => !shown.includes(id)) : [...new Set([...ids, ...shown])]);
}
