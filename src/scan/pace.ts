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
  const waiting: (() => void)[] = [];
  let isGoingOn = false;
  const isSpent = (): boolean => now() - begin >= budgetMs;
  const goOn = async (): Promise<void> => {
    isGoingOn = true;
    while (waiting.length > 0) {
      if (isSpent()) {
        await pause();
        begin = now();
      }
      waiting.shift()?.();
      // It works now; only then is it known whether there is time for the next.
      await null;
    }
    isGoingOn = false;
  };
  return () => {
    if (waiting.length === 0 && !isSpent()) return undefined;
    const turn = new Promise<void>((resolve) => waiting.push(resolve));
    if (!isGoingOn) void goOn();
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
    while (next < items.length && !isStopped()) {
      const item = items[next++] as Item;
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
  return next >= items.length && !isStopped();
}
