/** What a long piece of work needs of its platform. */
interface Pace {
  /** Milliseconds. */
  now(): number;
  /** Lets everything else that waits for the thread have its turn. */
  pause(): Promise<void>;
}

/**
 * A function to await between small pieces of work: it gives the thread away once `budgetMs` have been used up, and
 * costs next to nothing before. However many wait for the thread to come back, together they have one budget then.
 */
export function breather({ now, pause }: Pace, budgetMs: number): () => Promise<void> | undefined {
  let begin = now();
  let last: Promise<void> | null = null;
  const isSpent = (): boolean => now() - begin >= budgetMs;
  const breathe = async (before: Promise<void> | null): Promise<void> => {
    // Whoever waited before works first; only then is it known whether there is time left.
    await before;
    if (isSpent()) {
      await pause();
      begin = now();
    }
  };
  return () => {
    if (!last && !isSpent()) return undefined;
    const turn = breathe(last);
    last = turn;
    void turn.then(() => (last = last === turn ? null : last));
    return turn;
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
    while (next < items.length && !isStopped()) await work(items[next++] as Item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return next >= items.length && !isStopped();
}
