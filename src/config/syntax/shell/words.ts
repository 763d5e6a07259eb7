import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { numberIn, plainScalar } from '../scalars';
import type { Lock, Origin, Scalar, ScalarNode } from '../tree';

/** The code of a lock on a word that is empty unless a variable is set outside of the script: `${EXTRA:-}`. */
export const MAYBE_EMPTY = 'maybe-nothing';

/** The code of a lock on a default that may be overridden outside of the script. */
export const OUTSIDE_DEFAULT = 'outside-default';

/** A part of a word on a command line: its text as the program gets it, and its range. */
export interface Piece {
  /** The text that the program gets; null if it is known only when the line runs. */
  text: string | null;
  /** Range of the source, without quotes. */
  range: Range;
  /** Whether source and text are identical, so that offsets in the text are offsets in the source. */
  exact: boolean;
  quoted: boolean;
  /** Why it must not be written. */
  lock: Lock | null;
  /** Whether a shell splits the word at its blanks, as in `$ARGS`. */
  splits?: boolean;
  /**
   * Where the variable behind this piece is assigned a number. The number is written there if nothing else uses the
   * variable.
   */
  origin?: Origin;
}

/** One word of a command line, as the program would get it. */
export interface Word {
  range: Range;
  pieces: readonly Piece[];
}

const PIECED: Lock = {
  code: 'pieced-together',
  message: l10n.t('This value is joined from several parts. Write it as one value first.'),
};

const ESCAPED: Lock = {
  code: 'escaped-text',
  message: l10n.t(
    'This value contains escape sequences, so the position of its letters is uncertain. Write the value without them.',
  ),
};

/** From `first` to `last`, which may come earlier in the file if both are values of variables. */
export function spanOf(first: Range, last: Range): Range {
  return { start: first.start, end: Math.max(first.end, last.end) };
}

/** Joins pieces to a word. */
export function wordOf(pieces: readonly Piece[]): Word {
  const [first, last] = [pieces[0], pieces.at(-1)];
  return { range: first && last ? spanOf(first.range, last.range) : { start: 0, end: 0 }, pieces };
}

/** The text that the program gets, or null if a piece is unknown. */
export function textOf({ pieces }: Word): string | null {
  let text = '';
  for (const piece of pieces) {
    if (piece.text === null) return null;
    text += piece.text;
  }
  return text;
}

/** The known beginning of a word. */
export function knownStart({ pieces }: Word): string {
  const unknown = pieces.findIndex(({ text }) => text === null);
  return pieces
    .slice(0, unknown === -1 ? pieces.length : unknown)
    .map(({ text }) => text)
    .join('');
}

/** The characters `from` to `to` of a word that is known up to `to`. */
export function sliceOf({ range, pieces }: Word, from: number, to = Infinity): Word {
  const cut: Piece[] = [];
  let at = 0;
  let end = range.start;
  for (const piece of pieces) {
    const size = piece.text?.length ?? 0;
    const [start, stop] = [Math.max(0, from - at), Math.min(size, to - at)];
    // An empty piece (`--key=""`) belongs to the part that begins at its offset.
    if (piece.text === null ? at >= from && at < to : start < stop || (size === 0 && at >= from && at < to)) {
      cut.push(cutPiece(piece, start, stop));
    }
    if (at + size <= from) end = piece.range.end;
    at += size;
  }
  const [first, last] = [cut[0], cut.at(-1)];
  return {
    range: first && last ? spanOf(first.range, last.range) : { start: end, end },
    pieces: cut,
  };
}

function cutPiece(piece: Piece, start: number, stop: number): Piece {
  if (piece.text === null || (start === 0 && stop === piece.text.length)) return piece;
  const range = piece.exact ? { start: piece.range.start + start, end: piece.range.start + stop } : piece.range;
  return { ...withoutOrigin(piece), text: piece.text.slice(start, stop), range };
}

/** A piece whose value is only known when the script runs. */
export function unknownPiece(range: Range, lock: Lock): Piece {
  return { text: null, range, exact: false, quoted: false, lock };
}

/** The words that adjacent pieces make. */
export function joinPieces(range: Range, pieces: readonly Piece[]): Word[] {
  if (pieces.some(({ splits, text }) => splits && text !== null && /\s/.test(text))) return splitWords(pieces);
  // An empty expansion is no word; a pair of quotes is a word.
  if (pieces.length > 0 && pieces.every(({ splits, text }) => splits && text === '')) {
    const outside = pieces.find(({ lock }) => lock?.code === OUTSIDE_DEFAULT)?.lock;
    return outside ? [{ range, pieces: [unknownPiece(range, { ...outside, code: MAYBE_EMPTY })] }] : [];
  }
  return [{ range, pieces: pieces }];
}

/** Removes the origin, so that nothing is written at the assignment of the variable. */
export function withoutOrigin<Value extends { origin?: Origin }>({ origin: _, ...own }: Value): Omit<Value, 'origin'> {
  return own;
}

/** The word as a scalar of the tree, with its value, its range, and its lock. */
export function scalarOf(source: string, word: Word): ScalarNode {
  const text = textOf(word);
  const [only, second] = word.pieces;
  const single = second ? null : (only ?? null);
  const inner = single?.range ?? word.range;
  const isBetweenQuotes =
    single !== null && isQuote(source, inner.start - 1) && source[inner.end] === source[inner.start - 1];
  const raw = source.slice(inner.start, inner.end);
  const { origin } = single ?? {};
  return {
    kind: 'scalar',
    range: isBetweenQuotes ? { start: inner.start - 1, end: inner.end + 1 } : inner,
    inner,
    raw,
    value: text === null ? null : argumentValue(text),
    quoted: isBetweenQuotes && single.quoted,
    lock: origin?.uses === 1 ? null : lockOf(word),
    ...(text === null ? { unresolved: raw } : {}),
    ...(origin ? { origin } : {}),
  };
}

/**
 * A value as Python's `int` and `float` read it: `016` is 16, `0x10` and `1:30` are strings, and spaces around a number do
 * not count.
 */
function argumentValue(text: string): Scalar {
  const word = text.trim();
  const value = /^[-+]?(?:0[\dxb]|\d+:)/.test(word) ? (numberIn(word) ?? word) : plainScalar(word);
  return typeof value === 'string' ? text : value;
}

function lockOf({ pieces }: Word): Lock | null {
  const locked = pieces.find(({ text, lock }) => text === null && lock) ?? pieces.find(({ lock }) => lock);
  if (locked) return locked.lock;
  if (pieces.length > 1) return PIECED;
  return pieces.some(({ exact }) => !exact) ? ESCAPED : null;
}

function isQuote(source: string, at: number): boolean {
  return source[at] === '"' || source[at] === "'";
}

/** Splits unquoted pieces at blanks, as a shell does with `$ARGS`. */
export function splitWords(pieces: readonly Piece[]): Word[] {
  const words: Piece[][] = [];
  let current: Piece[] | null = null;
  for (const piece of pieces) {
    if (!piece.splits || piece.text === null || !/\s/.test(piece.text)) {
      if (piece.text === '' && piece.splits) continue;
      current = [...(current ?? []), piece];
      continue;
    }
    for (const match of piece.text.matchAll(/\s+|\S+/g)) {
      const isBlank = match[0].trim() === '';
      if (isBlank) {
        if (current) words.push(current);
        current = null;
      } else current = [...(current ?? []), cutPiece(piece, match.index, match.index + match[0].length)];
    }
  }
  if (current) words.push(current);
  return words.map(wordOf);
}
