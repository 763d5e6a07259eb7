import { Elements, wordsOf } from './elements';
import type { Lexeme } from './lexer';
import { expandParts, literalWord } from './words';
import { EXPRESSION, type Held, type Scope } from '../variables';
import type { Piece, Word } from '../words';

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

/** The value of an expression, up to `closing` or the end of its line; the cursor stays at what ends it. */
export function valueAt(cursor: Cursor, scope: Scope, closing: string | null = null): Held {
  const elements = new Elements();
  for (; cursor.at < cursor.lexemes.length; cursor.at += 1) {
    const lexeme = cursor.lexemes[cursor.at];
    if (!lexeme) break;
    if (lexeme.kind === 'mark') {
      if (endsAt(lexeme.text, closing, elements.goesOn)) break;
      readMark(lexeme.text, elements, cursor, scope);
    } else if (plainText(lexeme) === '::new') {
      // `[System.Collections.ArrayList]::new()`: nothing is in it yet.
      cursor.skipTo(')');
      return { kind: 'list', words: [] };
    } else if (!(isPlus(lexeme) && elements.plus())) elements.add(heldOf(expandParts(lexeme, scope), lexeme));
  }
  return elements.value();
}

/** Whether an expression ends at a mark. A line's end is none behind a plus, nor within brackets. */
function endsAt(mark: string, closing: string | null, goesOn: boolean): boolean {
  if (mark === '\n') return closing === null && !goesOn;
  return mark === closing || mark === ';' || mark === '}';
}

/** What a mark within an expression makes of its elements; the cursor stays at the last lexeme that belongs to it. */
function readMark(mark: string, elements: Elements, cursor: Cursor, scope: Scope): void {
  switch (mark) {
    case ',':
      elements.comma();
      return;
    case '\n':
      elements.lineEnd();
      return;
    case '(':
      cursor.at += 1;
      elements.add(valueAt(cursor, scope, ')'));
      return;
    case '@(':
      cursor.at += 1;
      elements.addArray(valueAt(cursor, scope, ')'));
      return;
    case '@{':
      cursor.at += 1;
      elements.add(tableAt(cursor, scope));
      return;
    case '{':
      cursor.at += 1;
      cursor.skipTo('}');
      cursor.at -= 1;
      elements.compute();
      return;
    case ')':
      return;
    default:
      elements.compute();
  }
}

function isPlus({ parts: [only, more] }: WordLexeme): boolean {
  return !more && only?.kind === 'text' && !only.quoted && only.text === '+';
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
