import type { Lexeme } from './lexer';
import { expandParts, literalWord } from './words';
import { EXPRESSION, type Held, type Scope } from '../variables';
import { wordOf, type Piece, type Word } from '../words';

export type WordLexeme = Lexeme & { kind: 'word' };

/** Where a reader of a script is. */
export class Cursor {
  at = 0;

  constructor(readonly lexemes: readonly Lexeme[]) {}

  mark(offset = 0): string | null {
    const lexeme = this.lexemes[this.at + offset];
    return lexeme?.kind === 'mark' ? lexeme.text : null;
  }

  /** To behind the next mark of this kind. */
  skipTo(text: string): void {
    while (this.at < this.lexemes.length && this.mark() !== text) this.at += 1;
    this.at += 1;
  }
}

/** The value of an expression, up to `closing` or the end of its line. */
export function valueAt(cursor: Cursor, scope: Scope, closing: string | null = null): Held {
  const parts: Held[] = [];
  // The element that is being read, and how many `+` stand in it.
  let operands: Held[] = [];
  let pluses = 0;
  let isList = false;
  let isPlain = true;
  const close = (): void => {
    if (operands.length > 0) parts.push(pluses > 0 ? sumOf(operands, pluses) : (operands[0] as Held));
    operands = [];
    pluses = 0;
  };
  const add = (held: Held): void => {
    if (operands.length > pluses) {
      isPlain &&= isList;
      close();
    }
    operands.push(held);
  };
  for (; cursor.at < cursor.lexemes.length; cursor.at += 1) {
    const lexeme = cursor.lexemes[cursor.at];
    if (!lexeme) break;
    if (lexeme.kind === 'word') {
      // `16 * 2`, `-not $x`, `::new`: computed.
      if (plainText(lexeme) === '::new') {
        cursor.skipTo(')');
        return { kind: 'list', words: [] };
      }
      if (isPlus(lexeme) && operands.length > pluses) pluses += 1;
      else add(heldOf(expandParts(lexeme, scope), lexeme));
      continue;
    }
    const { text } = lexeme;
    const goesOn = pluses > 0 && pluses === operands.length;
    if (text === closing || text === ';' || (text === '\n' && closing === null && !goesOn)) break;
    if (text === ',') {
      // A comma binds tighter than a plus.
      if (pluses > 0) isPlain = false;
      isList = true;
      close();
    } else if (text === '@(' || text === '(') {
      cursor.at += 1;
      const inner = valueAt(cursor, scope, ')');
      add(text === '@(' ? asList(inner) : inner);
      if (text === '@(') isList = true;
    } else if (text === '@{') {
      cursor.at += 1;
      add(tableAt(cursor, scope));
    } else if (text === '{') {
      cursor.at += 1;
      cursor.skipTo('}');
      cursor.at -= 1;
      isPlain = false;
    } else if (text === '\n') {
      if (goesOn) continue;
      close();
      isList ||= parts.length > 0;
    } else if (text === '}') break;
    else if (text !== ')') isPlain = false;
  }
  close();
  const [only] = parts;
  if (!isPlain && !isList) return { kind: 'unknown', lock: EXPRESSION };
  if (only && !isList) return only;
  return { kind: 'list', words: parts.flatMap((part) => wordsOf(part)) };
}

function isPlus({ parts: [only, more] }: WordLexeme): boolean {
  return !more && only?.kind === 'text' && !only.quoted && only.text === '+';
}

/** `"--rank=" + $rank`, `$own + $further`: what is on the left decides what a plus does. Numbers are computed. */
function sumOf(operands: readonly Held[], pluses: number): Held {
  const [first, ...rest] = operands;
  const unknown: Held = { kind: 'unknown', lock: EXPRESSION };
  if (!first || operands.length !== pluses + 1) return unknown;
  if (first.kind === 'list') return { kind: 'list', words: operands.flatMap((held) => wordsOf(held)) };
  const texts = rest.flatMap((held) => (held.kind === 'list' ? [] : [piecesOf(held)]));
  const isText = first.kind === 'text' && first.pieces[0]?.quoted === true && texts.length === rest.length;
  return isText ? { kind: 'text', pieces: [...first.pieces, ...texts.flat()] } : unknown;
}

/** `@{ lora_rank = 8 }`: as words, a key is a flag and what is behind it its value. */
function tableAt(cursor: Cursor, scope: Scope): Held {
  const words: Word[] = [];
  while (cursor.at < cursor.lexemes.length && cursor.mark() !== '}') {
    const lexeme = cursor.lexemes[cursor.at];
    cursor.at += 1;
    if (lexeme?.kind !== 'word' || cursor.mark() !== '=') continue;
    cursor.at += 1;
    const name = plainText(lexeme);
    const key: Piece = { text: `--${name}`, range: lexeme.range, exact: false, quoted: false, lock: null };
    const end = cursor.at;
    words.push({ range: lexeme.range, pieces: [key] }, ...wordsOf(rowAt(cursor, scope)));
    if (cursor.at === end) break;
  }
  return { kind: 'list', words };
}

function rowAt(cursor: Cursor, scope: Scope): Held {
  const lexeme = cursor.lexemes[cursor.at];
  cursor.at += 1;
  if (lexeme?.kind === 'word') return heldOf(expandParts(lexeme, scope), lexeme);
  return lexeme?.text === '@(' ? valueAt(cursor, scope, ')') : { kind: 'unknown', lock: EXPRESSION };
}

/** What a word says, its variables by name. */
export function plainText({ parts }: WordLexeme): string {
  return parts.map(({ text, kind }) => (kind === 'variable' ? `$${text}` : text)).join('');
}

/** One word's value: a text, unless its variable holds a list. */
function heldOf(words: readonly Word[], lexeme: Lexeme): Held {
  const [only, more] = words;
  if (!only) return { kind: 'list', words: [] };
  if (more) return { kind: 'list', words };
  return { kind: 'text', pieces: only.pieces.length > 0 ? only.pieces : literalWord(lexeme.range).pieces };
}

function wordsOf(held: Held): readonly Word[] {
  return held.kind === 'list' ? held.words : [wordOf(piecesOf(held))];
}

function piecesOf(held: Exclude<Held, { kind: 'list' }>): readonly Piece[] {
  if (held.kind === 'text') return held.pieces;
  return [{ text: null, range: { start: 0, end: 0 }, exact: false, quoted: false, lock: held.lock }];
}

/** The value as an array, of one element where it is none. */
export function asList(held: Held): Held {
  return held.kind === 'unknown' ? held : { kind: 'list', words: wordsOf(held) };
}
