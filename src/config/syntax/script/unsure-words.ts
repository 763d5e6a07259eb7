import type { Lock } from '../tree';
import { knownStart, sliceOf, textOf, wordOf, type Piece, type Word } from './words';

/** `--key` or `--key=`. */
const FLAG = /^--?([A-Za-z][\w.-]*)(=?)/;
/** `key=value`, behind a flag that takes pairs. */
const PAIR = /^[A-Za-z_][\w.]*=/;

/**
 * The flags among words that a program may or may not get, without their values. Duplicate flags are merged.
 *
 *     --lr 1e-4 --bf16 --lr 2e-4    --lr=?  --bf16=?
 */
export function flagsAmong(words: readonly Word[], lock: Lock): Word[] {
  const seen = new Set<string>();
  const found: Word[] = [];
  let isNew = false;
  words.forEach((word, i) => {
    const flag = flagOf(word);
    if (flag) {
      isNew = !seen.has(flag.name);
      seen.add(flag.name);
    }
    if (!isNew) return;
    const next = words[i + 1];
    if (flag && !flag.equals && next && !flagOf(next)) found.push(word);
    else if (flag && !flag.equals) found.push(wordOf([...word.pieces, ...afterwards(word, '=', lock)]));
    else found.push(withoutValue(word, flag?.equals ?? PAIR.exec(knownStart(word))?.[0].length ?? 0, lock));
  });
  return found;
}

/** The name of a flag. `equals` is the offset of its value if both share a word (`--lr=$LR` → 5), else null. */
function flagOf(word: Word): { name: string; equals: number | null } | null {
  const [whole = '', name = '', equals = ''] = FLAG.exec(knownStart(word)) ?? [];
  if (name === '' || (equals === '' && textOf(word) !== whole)) return null;
  return { name, equals: equals === '' ? null : whole.length };
}

function withoutValue(word: Word, from: number, lock: Lock): Word {
  const { range } = sliceOf(word, from);
  const head = from === 0 ? [] : sliceOf(word, 0, from).pieces;
  return wordOf([...head, { text: null, range, exact: false, quoted: false, lock }]);
}

function afterwards({ range }: Word, text: string, lock: Lock): Piece[] {
  const end = { start: range.end, end: range.end };
  const piece: Piece = { text, range: end, exact: false, quoted: true, lock: null };
  return [piece, { ...piece, text: null, range, lock }];
}
