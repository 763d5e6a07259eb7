import type { Key, Layout, Trainer } from './trainers/trainer';

/**
 * Of several trainers the one most of whose keys stand in a text that could not be parsed: hints are made to miss
 * nothing, and `lora_alpha:` is one of many trainers'. Of those with as many the one whose hint says more.
 */
export function closestTo(text: string, trainers: readonly Trainer[]): Trainer | null {
  const words = new Set([...text.matchAll(KEY)].flatMap(([, word = '']) => word.split('.')));
  let best: { trainer: Trainer; count: number; hint: number } | null = null;
  for (const trainer of trainers) {
    const count = Math.max(0, ...trainer.layouts.map((layout) => keysIn(layout, words)));
    const hint = trainer.hint.exec(text)?.[0].length ?? 0;
    const isCloser = !best || count > best.count || (count === best.count && hint > best.hint);
    if (isCloser) best = { trainer, count, hint };
  }
  return best?.trainer ?? null;
}

/** A word with a colon or an equals sign behind it, or the name of a table. */
const KEY = /(?<![\w.-])-{0,2}([\w.-]+)["']?[ \t]*[:=\]]/g;

/** Rank and alpha have names of their own with most trainers; `learning_rate` is everyone's. */
const TELLING: ReadonlySet<string> = new Set(['rank', 'alpha']);

function keysIn({ fields }: Layout, words: ReadonlySet<string>): number {
  const isThere = ({ path }: Key): boolean => path.every((step) => words.has(step));
  return Object.entries(fields).reduce((sum, [field, { keys }]) => {
    return keys.some(isThere) ? sum + (TELLING.has(field) ? 3 : 1) : sum;
  }, 0);
}
