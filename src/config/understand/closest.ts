import type { Layout, Trainer } from '../trainers/trainer';
import type { Key } from '../trainers/shared/fields';

/**
 * Whose a text is that could not be parsed: the trainer's most of whose keys stand in it, where that is beyond doubt.
 * Hints are made to miss nothing, and `lora_alpha:` is one of many trainers'. Of those with as many keys, one has to have
 * a hint that says far more; and none whose hint is not there may have more keys.
 * @param trainers those hinted at
 * @param all every trainer that reads such texts
 */
export function closestTo(text: string, trainers: readonly Trainer[], all: readonly Trainer[]): Trainer | null {
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

/** How much longer a hint is that outweighs another: `tuner_type: lora` beside `lora_alpha:`. */
const FAR_MORE = 1.5;

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
