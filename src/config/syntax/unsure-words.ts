import type { Lock } from './tree';
import { knownStart, sliceOf, splitWords, textOf, wordOf, type Piece, type Word } from './words';

/** `--key` or `--key=`. */
const FLAG = /^--?([A-Za-z][\w.-]*)(=?)/;
/** `key=value`, behind a flag that takes pairs. */
const PAIR = /^[A-Za-z_][\w.]*=/;

/**
 * Words that a program may get or not: which flags may be among them is known, their values are not. A flag that may
 * come twice is here once.
 */
export function unsureWords(words: readonly Word[], lock: Lock): Word[] {
  const seen = new Set<string>();
  const found: Word[] = [];
  let isNew = true;
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

/**
 * What a variable may hold that branches set to flags, each to others: what all begin with, and behind it what may come.
 * Null where it holds something else.
 * @param held the words that each branch leaves in it
 */
export function gathered(held: readonly (readonly Word[])[], lock: Lock): Word[] | null {
  const [first = []] = held;
  const differs = first.findIndex((word, i) => held.some((words) => words[i] !== word));
  const common = differs === -1 ? first.length : differs;
  const rest = held.flatMap((words) => words.slice(common));
  const starts = held.flatMap((words) => words.slice(common, common + 1));
  return starts.every((word) => flagOf(word)) ? [...first.slice(0, common), ...unsureWords(rest, lock)] : null;
}

/** The words of a text that is handed on without quotes. */
export function wordsIn(pieces: readonly Piece[]): Word[] {
  return splitWords(pieces.map((piece) => ({ ...piece, splits: true })));
}

/** The words as one text again. */
export function asText(words: readonly Word[]): Piece[] {
  return words.flatMap((word) => [...spaced(word), ...word.pieces]);
}

/** @returns the letters up to its value, where that stands in the same word */
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

function spaced({ range }: Word): Piece[] {
  const start = { start: range.start, end: range.start };
  return [{ text: ' ', range: start, exact: false, quoted: false, lock: null }];
}
