import { expandWord } from '../script/expand';
import type { ScriptScope } from '../script/scope';
import { EXPRESSION, type VariableValue } from '../script/variables';
import { wordOf, type Piece, type Word } from '../script/words';
import type { Lexeme } from './lexer';
import { EXPANSION_RULES, partsOf, type WordLexeme } from './words';

const COMPUTED: VariableValue = { kind: 'unknown', lock: EXPRESSION };
const OPEN = new Set(['(', '@(', '{', '@{']);
const CLOSE = new Set([')', '}']);
/** No real script is nested deeper. */
const MAX_DEPTH = 100;

/** The position in a script. */
export class Cursor {
  at = 0;
  /** The number of open brackets around the value. */
  depth = 0;

  constructor(readonly lexemes: readonly Lexeme[]) {}

  get lexeme(): Lexeme | undefined {
    return this.lexemes[this.at];
  }

  mark(offset = 0): string | null {
    const lexeme = this.lexemes[this.at + offset];
    return lexeme?.kind === 'mark' ? lexeme.text : null;
  }

  /** Moves to the next mark of this kind. */
  skipTo(text: string): void {
    while (this.at < this.lexemes.length && this.mark() !== text) this.at += 1;
  }

  /** Index of the mark that closes the first bracket after the cursor, or of the end. */
  closing(): number {
    let depth = 0;
    for (let at = this.at; at < this.lexemes.length; at += 1) {
      const lexeme = this.lexemes[at];
      if (lexeme?.kind !== 'mark') continue;
      if (OPEN.has(lexeme.text)) depth += 1;
      else if (CLOSE.has(lexeme.text) && (depth -= 1) <= 0) return at;
    }
    return this.lexemes.length;
  }
}

/** A literal string, list or table. The cursor stops at its end: `closing`, or the end of the line. */
export function valueAt(cursor: Cursor, scope: ScriptScope, closing: string | null = null): VariableValue {
  const items: VariableValue[] = [];
  let isList = false;
  let isPlain = true;
  while (cursor.at < cursor.lexemes.length) {
    const mark = cursor.mark();
    if (isEnd(mark, closing)) break;
    if (mark === ',' || mark === '\n') {
      isList ||= mark === ',' || items.length > 0;
      cursor.at += 1;
      continue;
    }
    const before = cursor.mark(-1);
    // `16 * 2`, `-not $x`: computed.
    if (items.length > 0 && before !== ',' && before !== '\n') isPlain = false;
    items.push(operandAt(cursor, scope));
  }
  const [only] = items;
  if (!isPlain) return computedFrom(only);
  if (!isList || !only) return only ?? { kind: 'list', words: [] };
  return { kind: 'list', words: items.flatMap((item) => wordsOf(item)) };
}

/** `"--lr=" + $lr`: only its beginning is known. */
function computedFrom(first: VariableValue | undefined): VariableValue {
  const isText = first?.kind === 'text' && first.pieces[0]?.quoted === true;
  return isText ? { kind: 'text', pieces: [...first.pieces, ...piecesOf(COMPUTED)] } : COMPUTED;
}

/** Whether an expression ends at a mark. In brackets it does not end with the line. */
function isEnd(mark: string | null, closing: string | null): boolean {
  if (mark === '\n') return closing === null;
  return mark !== null && (mark === closing || mark === ';' || CLOSE.has(mark));
}

/** A value without operators; the cursor moves after it. */
function operandAt(cursor: Cursor, scope: ScriptScope): VariableValue {
  cursor.depth += 1;
  const held = cursor.depth > MAX_DEPTH ? skipped(cursor) : innerOperandAt(cursor, scope);
  cursor.depth -= 1;
  return held;
}

function skipped(cursor: Cursor): VariableValue {
  cursor.at += 1;
  return COMPUTED;
}

function innerOperandAt(cursor: Cursor, scope: ScriptScope): VariableValue {
  const { lexeme } = cursor;
  if (lexeme?.kind === 'word') {
    cursor.at += 1;
    return heldOf(lexeme, scope);
  }
  const mark = cursor.mark();
  if (mark === '(' || mark === '@(') {
    cursor.at += 1;
    const held = valueAt(cursor, scope, ')');
    if (cursor.mark() === ')') cursor.at += 1;
    return mark === '(' ? held : asList(held);
  }
  cursor.at = mark === '{' || mark === '@{' ? cursor.closing() + 1 : cursor.at + 1;
  return COMPUTED;
}

/** The words that a value makes on a command line. */
function wordsOf(held: VariableValue): readonly Word[] {
  return held.kind === 'list' ? held.words : [wordOf(piecesOf(held))];
}

function piecesOf(held: VariableValue): readonly Piece[] {
  if (held.kind === 'text') return held.pieces;
  const lock = held.kind === 'unknown' ? held.lock : EXPRESSION;
  return [{ text: null, range: { start: 0, end: 0 }, exact: false, quoted: false, lock }];
}

/** The value as an array; a single value becomes one element. */
export function asList(held: VariableValue): VariableValue {
  return held.kind === 'unknown' ? held : { kind: 'list', words: wordsOf(held) };
}

/** The value of one word: a string, unless its variable is a list. */
function heldOf(lexeme: WordLexeme, scope: ScriptScope): VariableValue {
  const [only, more] = expandWord(lexeme.range, partsOf(lexeme, scope), scope, EXPANSION_RULES);
  const isVariable = lexeme.parts[0]?.kind === 'variable' && lexeme.parts.length === 1 && !lexeme.parts[0].quoted;
  const held = isVariable ? scope.get(lexeme.parts[0]?.text ?? '')?.held : undefined;
  if (held && held.kind !== 'text') return held;
  if (!only || more) return { kind: 'list', words: [] };
  const empty: Piece = { text: '', range: lexeme.range, exact: false, quoted: true, lock: null };
  return { kind: 'text', pieces: only.pieces.length > 0 ? only.pieces : [empty] };
}
