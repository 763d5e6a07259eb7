import type { Range } from '../../reading';
import {
  argumentLock,
  scriptArgumentsLock,
  EXPRESSION,
  taken,
  unsetLock,
  type Held,
  type Scope,
  type Variable,
} from '../variables';
import type { Lock } from '../tree';
import { splitWords, textOf, type Piece, type Word } from '../words';
import type { Segment, WordToken } from './tokens';

/** What variables hold where a command stands. */
export interface Expansion {
  /** As the command runs: what `!NAME!` and a loop's `%%a` give. */
  scope: Scope;
  /** As its line was read, which for a block in parentheses is before all of it runs: what `%NAME%` gives. */
  asRead: Scope;
  /** Whether `!NAME!` is a variable here. */
  isDelayed: boolean;
}

type SplitPiece = Piece & { splits: boolean };

/** `set /a R=2*16`: one operation on whole numbers. */
export function arithmetic(source: string, expansion: Expansion): Held {
  const [, a = '', operator = '', b = ''] =
    /^([%!\w]+)\s*(?:([-+*/])\s*([%!\w]+))?$/.exec(source.replaceAll('"', ' ').trim()) ?? [];
  const number = (text: string): number => {
    const name = text.replace(/[%!]/g, '');
    if (/^[1-9]\d*$|^0$/.test(name)) return Number(name);
    const own = text.startsWith('%') ? expansion.asRead : expansion.scope;
    const held = own.get(name.toUpperCase())?.held;
    const digits = held?.kind === 'text' ? held.pieces.map((piece) => piece.text ?? 'x').join('') : '';
    // A leading zero would make it octal.
    return /^-?(?:0|[1-9]\d*)$/.test(digits) ? Number(digits) : Number.NaN;
  };
  const [left, right] = [number(a), operator === '' ? 0 : number(b)];
  const result = { '': left, '+': left + right, '-': left - right, '*': left * right, '/': Math.trunc(left / right) }[
    operator
  ];
  if (result === undefined || !Number.isSafeInteger(result)) return { kind: 'unknown', lock: EXPRESSION };
  const piece = { text: String(result), range: { start: 0, end: 0 }, exact: false, quoted: false, lock: EXPRESSION };
  return { kind: 'text', pieces: [piece] };
}

/** The value of `set`, to the end of its line; trailing blanks are of no use to anybody. */
export function valuePieces(value: string, start: number, expansion: Expansion): Piece[] {
  const lines = [...value.matchAll(/(?:\^\r?\n)|[^^]+|\^[^\r\n]?/g)].filter(({ 0: line }) => !/^\^\r?\n$/.test(line));
  return lines.flatMap(({ 0: line, index }, i) => {
    const text = i === lines.length - 1 ? line.trimEnd() : line;
    const lead = i === 0 ? text.length - text.trimStart().length : 0;
    const range = { start: start + index + lead, end: start + index + text.length };
    const segment: Segment = { text: text.slice(lead), range, exact: true, quoted: false };
    return expandSegment(segment, expansion, splitting).map(({ splits: _, ...piece }) => piece);
  });
}

/** A word after its variables are put in; without quotes they may make several words of it. */
export function expand(word: WordToken, expansion: Expansion): Word[] {
  const pieces = word.segments.flatMap((segment) => expandSegment(segment, expansion, unquoted));
  if (pieces.some(({ splits, text }) => splits && text !== null && /\s/.test(text))) return splitWords(pieces);
  if (pieces.length > 0 && pieces.every(({ splits, text }) => splits && text === '')) return [];
  const own: Word = { range: word.range, pieces: pieces.map(({ splits: _, ...piece }) => piece) };
  return textOf(own) === '' && !pieces.some(({ quoted }) => quoted) ? [] : [own];
}

/** `%NAME%`, `!NAME!`, `%1`, `%~dp0`, `%*`, and a loop's `%%a`. */
const REFERENCE = /%%~?[a-zA-Z]|%\*|%~?[a-z]*\d|%([^%\s=:]+(?::[^%\r\n]+)?)%|!([^!\s=:]+)!/g;

/** What becomes of the pieces that a variable holds. */
type Handing = (pieces: readonly Piece[]) => SplitPiece[];

/** As they stand: what `set` keeps has its quotes. */
const splitting: Handing = (pieces) => pieces.map((piece) => ({ ...piece, splits: piece.text !== null }));

/** Without their quotes, between which nothing is split: `set ARGS=--name "a b"`. */
const unquoted: Handing = (pieces) => {
  let quoted = false;
  return pieces.flatMap((piece): SplitPiece[] => {
    if (!piece.text?.includes('"')) return [{ ...piece, splits: piece.text !== null && !quoted }];
    let at = piece.range.start;
    return piece.text.split('"').flatMap((text, i) => {
      if (i > 0) quoted = !quoted;
      const range = piece.exact ? { start: at, end: at + text.length } : piece.range;
      at += text.length + 1;
      return text === '' ? [] : [{ ...piece, text, range, quoted, splits: !quoted }];
    });
  });
};

/** The value of a variable as a program gets it, without quotes: 16 for `set R="16"`. */
export function withoutQuotes(held: Held): Held {
  return held.kind === 'text'
    ? { kind: 'text', pieces: unquoted(held.pieces).map(({ splits: _, ...piece }) => piece) }
    : held;
}

function expandSegment({ text, range, exact, quoted }: Segment, expansion: Expansion, handing: Handing): SplitPiece[] {
  const pieces: SplitPiece[] = [];
  const literal = (from: number, to: number): void => {
    if (to <= from && text !== '') return;
    const own = exact ? { start: range.start + from, end: range.start + to } : range;
    pieces.push({ text: text.slice(from, to), range: own, exact, quoted, lock: null, splits: false });
  };
  let done = 0;
  for (const match of exact ? text.matchAll(REFERENCE) : []) {
    if (match[2] !== undefined && !expansion.isDelayed) continue;
    if (match.index > done) literal(done, match.index);
    done = match.index + match[0].length;
    const own = { start: range.start + match.index, end: range.start + done };
    pieces.push(...referencePieces(match[0], match[1] ?? match[2], own, quoted, expansion, handing));
  }
  if (done < text.length || text === '') literal(done, text.length);
  return pieces;
}

function referencePieces(
  source: string,
  name: string | undefined,
  range: Range,
  quoted: boolean,
  expansion: Expansion,
  handing: Handing,
): SplitPiece[] {
  const unknown = (lock: Piece['lock']): SplitPiece[] => [
    { text: null, range, exact: false, quoted: false, lock, splits: false },
  ];
  const variable = variableOf(source, name, expansion);
  if (!variable && source === '%*') return unknown(scriptArgumentsLock(source));
  if (!variable) return unknown(name === undefined ? argumentLock(source) : lateLock(name, expansion));
  const { held } = variable;
  if (held.kind === 'unknown') return unknown(held.lock);
  if (held.kind === 'list') return unknown(EXPRESSION);
  const pieces = handing(held.pieces);
  const isFlags =
    !quoted && /\s\S/.test(pieces.map(({ text, splits }) => (splits || text === null ? (text ?? '') : 'x')).join(''));
  if (isFlags) return pieces;
  const open = pieces.find(({ text }) => text === null);
  const text = open ? null : pieces.map((piece) => piece.text).join('');
  const splits = !quoted && pieces.every((piece) => piece.splits);
  const known = open ? { lock: open.lock } : taken(variable, range);
  return [{ text, range, exact: false, quoted: false, ...known, splits }];
}

function variableOf(source: string, name: string | undefined, { scope, asRead }: Expansion): Variable | undefined {
  if (name === undefined) return scope.get(`%${source.replace(/[%~]/g, '')}`);
  return (source.startsWith('!') ? scope : asRead).get(name.toUpperCase());
}

/** Why a value is unknown whose variable the text does not set, or not before its line is read. */
function lateLock(name: string, { scope }: Expansion): Lock {
  const late = scope.get(name.toUpperCase());
  if (!late && scope.get(`${name.toUpperCase()} `)) return blankLock(name);
  if (!late) return unsetLock(`the variable ${name}`);
  const message = `cmd puts %${name}% in before it runs this line or block, and so before line ${late.line} sets it; !${name}! would be put in afterwards.`;
  return { code: 'reference', message };
}

const blankLock = (name: string): Lock => ({
  code: 'reference',
  message: `The variable ${name} is not set in this text: with a blank before the =, set gives the blank to the name.`,
});
