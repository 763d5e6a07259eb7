/** What a long piece of work needs of its platform. */
export interface Pace {
  /** Milliseconds. */
  now(): number;
  /** Lets everything else that waits for the thread have its turn. */
  pause(): Promise<void>;
}

/**
 * A function to await between small pieces of work: it gives the thread away once `budgetMs` have been used up, and
 * costs next to nothing before.
 */
export function breather({ now, pause }: Pace, budgetMs: number): () => Promise<void> | undefined {
  let begin = now();
  return () => {
    if (now() - begin < budgetMs) return undefined;
    return pause().then(() => {
      begin = now();
    });
  };
}

/**
 * Works on all items, at most `most` of them at a time, in their order.
 * @param isStopped asked before each item; what has begun is waited for
 * @returns whether every item had its turn
 */
export async function eachBounded<Item>(
  items: readonly Item[],
  most: number,
  isStopped: () => boolean,
  work: (item: Item) => Promise<void>,
): Promise<boolean> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length && !isStopped()) {
      const item = items[next++] as Item;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return next >= items.length && !isStopped();
}
