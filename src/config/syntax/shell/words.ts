import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { numberIn, plainScalar } from '../scalars';
import type { Lock, Origin, Scalar, ScalarNode } from '../tree';
import { MAYBE_EMPTY, OUTSIDE_DEFAULT } from './locks';

/** A part of a word on a command line: its text as the program gets it, and its range. */
export interface Piece {
  /** The text that the program gets; null if it is known only when the line runs. */
  text: string | null;
  /** Range of the source, without quotes. */
  range: Range;
  /** Why it must not be written; null if source and text are identical. */
  lock: Lock | null;
  /** Whether a shell splits the word at its blanks, as in `$ARGS`. */
  splits?: boolean;
  /** How the names of the scripts end that a variable of unknown value may hold: `train_network.py`. */
  script?: string;
  /** Where the variable behind this piece is assigned a number, which is written there if nothing else uses it. */
  origin?: Origin;
}

export interface Word {
  range: Range;
  pieces: readonly Piece[];
}

const PIECED: Lock = {
  code: 'pieced-together',
  message: l10n.t('This value is joined from several parts. Write it as one value first.'),
};

/** From `first` to `last`, which may come earlier in the file if both are values of variables. */
export const spanOf = (first: Range, last: Range): Range => ({
  start: first.start,
  end: Math.max(first.end, last.end),
});

/** The text that the program gets, or null if a piece is unknown. */
export const textOf = ({ pieces }: Word): string | null =>
  pieces.some(({ text }) => text === null) ? null : pieces.map(({ text }) => text).join('');

export function knownStart({ pieces }: Word): string {
  const unknown = pieces.findIndex(({ text }) => text === null);
  return (unknown === -1 ? pieces : pieces.slice(0, unknown)).map(({ text }) => text).join('');
}

/** The characters `from` to `to` of a word that is known up to `to`. */
export function sliceOf({ range, pieces }: Word, from: number, to = Infinity): Word {
  const cut: Piece[] = [];
  let at = 0;
  let end = range.start;
  for (const piece of pieces) {
    const size = piece.text?.length ?? 0;
    const [start, stop] = [Math.max(0, from - at), Math.min(size, to - at)];
    // An empty piece (`--key=""`) belongs to the part that begins at its offset, and so does an unknown one.
    if (start < stop || (size === 0 && at >= from && at < to)) cut.push(cutPiece(piece, start, stop));
    if (at + size <= from) end = piece.range.end;
    at += size;
  }
  return cut.length === 0 ? { range: { start: end, end }, pieces: cut } : wordOf(cut);
}

function cutPiece(piece: Piece, start: number, stop: number): Piece {
  if (piece.text === null || (start === 0 && stop === piece.text.length)) return piece;
  const { lock, range } = piece;
  const part = lock ? range : { start: range.start + start, end: range.start + stop };
  return { ...withoutOrigin(piece), text: piece.text.slice(start, stop), range: part };
}

/** A piece whose value is only known when the script runs. */
export const unknownPiece = (range: Range, lock: Lock): Piece => ({ text: null, range, lock });

/** The words that adjacent pieces make. Pieces of unquoted variables are split at their blanks. */
export function joinPieces(range: Range, pieces: readonly Piece[]): Word[] {
  if (!pieces.some(({ splits }) => splits)) return [{ range, pieces }];
  const words = splitWords(pieces);
  const empty = words.length > 0 ? undefined : pieces.find(({ lock }) => lock?.code === OUTSIDE_DEFAULT)?.lock;
  return empty ? [{ range, pieces: [unknownPiece(range, { ...empty, code: MAYBE_EMPTY })] }] : words;
}

/** Splits unquoted pieces at blanks, as a shell does with `$ARGS`; an empty expansion is no word. */
export function splitWords(pieces: readonly Piece[]): Word[] {
  let current: Piece[] = [];
  const words = [current];
  for (const piece of pieces) {
    if (!piece.splits || piece.text === null) current.push(piece);
    else {
      for (const { 0: run, index } of piece.text.matchAll(/\s+|\S+/g)) {
        if (run.trim() === '') words.push((current = []));
        else current.push(cutPiece(piece, index, index + run.length));
      }
    }
  }
  return words.filter((word) => word.length > 0).map(wordOf);
}

function wordOf(pieces: readonly Piece[]): Word {
  const [first, last] = [pieces[0], pieces.at(-1)];
  return { range: first && last ? spanOf(first.range, last.range) : { start: 0, end: 0 }, pieces };
}

/** Removes the origin, so that nothing is written at the assignment of the variable. */
export function withoutOrigin<Value extends { origin?: Origin }>({ origin: _, ...own }: Value): Omit<Value, 'origin'> {
  return own;
}

/** The word as a scalar of the tree, with its value, its range, and its lock. */
export function scalarOf(source: string, word: Word): ScalarNode {
  const text = textOf(word);
  const [only, second] = word.pieces;
  const inner = only && !second ? only.range : word.range;
  const mark = source[inner.start - 1] ?? '';
  const quoted = only !== undefined && !second && /["']/.test(mark) && source[inner.end] === mark;
  const raw = source.slice(inner.start, inner.end);
  const origin = second ? undefined : only?.origin;
  return {
    kind: 'scalar',
    range: quoted ? { start: inner.start - 1, end: inner.end + 1 } : inner,
    inner,
    raw,
    value: text === null ? null : argumentValue(text),
    quoted,
    lock: origin?.uses === 1 ? null : lockOf(word),
    ...(text === null && { unresolved: raw }),
    ...(origin && { origin }),
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
  const locked = pieces.find(({ text }) => text === null) ?? pieces.find(({ lock }) => lock);
  return locked?.lock ?? (pieces.length > 1 ? PIECED : null);
}
