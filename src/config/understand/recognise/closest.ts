import type { Layout, Trainer } from '../../trainers/trainer';
import type { Key } from '../../trainers/shared/fields';

/**
 * The trainer of a file that cannot be parsed: the one with the most keys in the text, if no other comes close.
 * Hints match too much (`lora_alpha:` is a key of many trainers), so they only break ties: the hint of the best must be
 * much longer than that of the second. No trainer without a hint in the text may have more keys.
 * @param trainers whose hints match
 * @param all every trainer with files of this syntax
 */
export function trainerOfBrokenText(
  text: string,
  trainers: readonly Trainer[],
  all: readonly Trainer[],
): Trainer | null {
  const words = new Set([...text.matchAll(KEY)].flatMap(([, word = '']) => word.split('.')));
  const countOf = ({ layouts }: Trainer): number => Math.max(0, ...layouts.map((layout) => keysIn(layout, words)));
  const ranked = trainers
    .map((trainer) => ({ trainer, count: countOf(trainer), hint: trainer.hint.exec(text)?.[0].length ?? 0 }))
    .toSorted((a, b) => b.count - a.count || b.hint - a.hint);
  const [best, second] = ranked;
  if (!best || best.count === 0 || all.some((other) => countOf(other) > best.count)) return null;
  const isTied = second?.count === best.count && best.hint < second.hint * FAR_MORE;
  return isTied ? null : best.trainer;
}

/** A hint must be this much longer to win a tie: `tuner_type: lora` against `lora_alpha:`. */
const FAR_MORE = 1.5;

/** A word before a colon or an equals sign, or the name of a table. */
const KEY = /(?<![\w.-])-{0,2}([\w.-]+)["']?[ \t]*[:=\]]/g;

/** Most trainers have their own names for rank and alpha; `learning_rate` is common. */
const TELLING: ReadonlySet<string> = new Set(['rank', 'alpha']);

function keysIn({ fields }: Layout, words: ReadonlySet<string>): number {
  const isThere = ({ path }: Key): boolean => path.every((step) => words.has(step));
  return Object.entries(fields).reduce((sum, [field, { keys }]) => {
    return keys.some(isThere) ? sum + (TELLING.has(field) ? 3 : 1) : sum;
  }, 0);
}
