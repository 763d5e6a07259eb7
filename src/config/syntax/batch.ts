import type { Range } from '../reading';
import { batchTokens, type Segment, type Token } from './batch/tokens';
import { Script } from './script';
import type { Parsed } from './tree';
import {
  EXPRESSION,
  argumentLock,
  loopLock,
  referenceLock,
  Scope,
  unsetLock,
  type Held,
  type Variable,
} from './variables';
import { splitWords, textOf, type Piece, type Word } from './words';

type WordToken = Token & { kind: 'word' };
type SplitPiece = Piece & { splits: boolean };

/**
 * Parse a script for cmd.exe (`.bat`, `.cmd`): every command with flags is a root of its own, and a last one holds the
 * variables that `set` gives a value. Never throws, and never runs anything.
 */
export function parseBatch(source: string): Parsed {
  const script = new Script(source);
  new BatchReader(script, batchTokens(source)).block(new Scope(), null);
  return { ok: true, roots: script.roots() };
}

/** Deeper nesting is no script that anybody wrote. */
const MAX_DEPTH = 100;

class BatchReader {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly script: Script,
    private readonly tokens: readonly Token[],
  ) {}

  /** Commands up to a closing parenthesis, or to the end. */
  block(scope: Scope, closing: ')' | null): void {
    while (this.at < this.tokens.length) {
      const token = this.tokens[this.at];
      if (token?.kind === 'mark') {
        this.at += 1;
        if (token.text === ')' && closing) return;
        if (token.text === '(') this.nested(scope);
        continue;
      }
      this.command(scope);
    }
  }

  private nested(scope: Scope): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth += 1;
    this.block(scope, ')');
    this.depth -= 1;
  }

  /** The words up to the next mark; what is redirected is left out. */
  private words(): WordToken[] {
    const words: WordToken[] = [];
    for (; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      if (token?.kind === 'word') words.push(token);
      else if (token && /^(?:<|>|>>)$/.test(token.text)) {
        // `2>&1`: the number before belongs to the arrow, and so does what is behind it.
        const last = words.at(-1);
        if (last && /^\d$/.test(plain(last)) && last.range.end === token.range.start) words.pop();
        if (this.isMark(this.at + 1, '&')) this.at += 1;
        if (this.tokens[this.at + 1]?.kind === 'word') this.at += 1;
      } else break;
    }
    return words;
  }

  private isMark(at: number, text: string): boolean {
    const token = this.tokens[at];
    return token?.kind === 'mark' && token.text === text;
  }

  private command(scope: Scope): void {
    const start = this.at;
    const first = this.tokens[start];
    const name = first?.kind === 'word' ? plain(first).replace(/^@/, '').toLowerCase() : '';
    if (name === 'if' || name === 'else') {
      const branch = scope.fork();
      this.at += name === 'if' ? this.conditionLength() : 1;
      this.body(branch);
      scope.merge([scope, branch]);
      return;
    }
    if (name === 'for') {
      this.loop(scope);
      return;
    }
    const words = this.words();
    if (name === 'set') this.set(words, scope);
    else if (words.length > 0) this.run(words, scope);
  }

  /** What a condition guards: a block, or one command. */
  private body(scope: Scope): void {
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      this.nested(scope);
    } else if (this.tokens[this.at]?.kind === 'word' && this.depth < MAX_DEPTH) {
      this.depth += 1;
      this.command(scope);
      this.depth -= 1;
    }
  }

  /** Words of `if [/i] [not] exist x`, `a==b`, `a equ b`. */
  private conditionLength(): number {
    const text = (offset: number): string => {
      const token = this.tokens[this.at + offset];
      return token?.kind === 'word' ? this.script.source.slice(token.range.start, token.range.end).toLowerCase() : '';
    };
    let length = 1;
    while (text(length) === '/i' || text(length) === 'not') length += 1;
    if (/^(?:exist|defined|errorlevel|cmdextversion)$/.test(text(length))) return length + 2;
    return /[^=]==[^=]|^==.|.==$/.test(text(length)) && !text(length).endsWith('==') ? length + 1 : length + 3;
  }

  /** `for %%a in (16 32) do command`. */
  private loop(scope: Scope): void {
    const { range } = this.tokens[this.at] ?? { range: { start: 0, end: 0 } };
    const head = this.words();
    const variable = head.map(plain).find((text) => text.startsWith('%'));
    const isPlain = head.length === 3;
    const values: string[] = [];
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      values.push(...this.words().map(plain));
      if (this.isMark(this.at, ')')) this.at += 1;
    }
    const branch = scope.fork();
    if (variable) {
      const line = this.script.lineAt(range.start);
      const name = variable.replaceAll('%', '');
      const lock = loopLock(name, isPlain ? values : [], line);
      branch.set({ name: `%${name}`, held: { kind: 'unknown', lock }, line, nameRange: range });
    }
    const next = this.tokens[this.at];
    if (next?.kind === 'word' && plain(next).toLowerCase() === 'do') this.at += 1;
    this.body(branch);
    scope.merge([scope, branch]);
  }

  private set(words: readonly WordToken[], scope: Scope): void {
    const [first, second] = words;
    const last = words.at(-1);
    if (!first || !second || !last) return;
    const isArithmetic = plain(second).toLowerCase() === '/a';
    if (plain(second).toLowerCase() === '/p') return;
    const from = (isArithmetic ? words[2] : second)?.range.start ?? second.range.start;
    const source = this.script.source.slice(from, last.range.end);
    const match = /^("?)([^="\s]+)[ \t]*=([\s\S]*?)$/.exec(source);
    if (!match) return;
    const [, quote = '', name = '', rest = ''] = match;
    // The quotes around the whole are not part of the value, nor is what stands behind them.
    const value = quote ? rest.replace(/"[^"]*$/, '') : rest;
    const start = from + source.length - rest.length;
    const nameRange = { start: from + quote.length, end: from + quote.length + name.length };
    const line = this.script.lineAt(nameRange.start);
    const held: Held = isArithmetic
      ? arithmetic(value, scope)
      : { kind: 'text', pieces: valuePieces(value, start, scope) };
    const variable: Variable = { name: name.toUpperCase(), held, line, nameRange };
    scope.set(variable);
    this.script.assigned({ ...variable, name });
  }

  private run(words: readonly WordToken[], scope: Scope): void {
    const expanded = words.flatMap((word) => expand(word, scope));
    const [first, last] = [words[0], words.at(-1)];
    if (!first || !last) return;
    this.script.run(expanded, { start: first.range.start, end: last.range.end });
  }
}

function plain({ segments }: WordToken): string {
  return segments.map(({ text }) => text).join('');
}

/** `set /a R=2*16`: one operation on whole numbers. */
function arithmetic(source: string, scope: Scope): Held {
  const [, a = '', operator = '', b = ''] =
    /^([%!\w]+)\s*(?:([-+*/])\s*([%!\w]+))?$/.exec(source.replaceAll('"', ' ').trim()) ?? [];
  const number = (text: string): number => {
    const name = text.replace(/[%!]/g, '');
    if (/^[1-9]\d*$|^0$/.test(name)) return Number(name);
    const held = scope.get(name.toUpperCase())?.held;
    return held?.kind === 'text' ? Number(held.pieces.map((piece) => piece.text ?? 'x').join('')) : Number.NaN;
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
function valuePieces(value: string, start: number, scope: Scope): Piece[] {
  const lines = [...value.matchAll(/(?:\^\r?\n)|[^^]+|\^[^\r\n]?/g)].filter(({ 0: line }) => !/^\^\r?\n$/.test(line));
  return lines.flatMap(({ 0: line, index }, i) => {
    const text = i === lines.length - 1 ? line.trimEnd() : line;
    const lead = i === 0 ? text.length - text.trimStart().length : 0;
    const range = { start: start + index + lead, end: start + index + text.length };
    const segment: Segment = { text: text.slice(lead), range, exact: true, quoted: false };
    return expandSegment(segment, scope).map(({ splits: _, ...piece }) => piece);
  });
}

/** A word after its variables are put in; without quotes they may make several words of it. */
function expand(word: WordToken, scope: Scope): Word[] {
  const pieces = word.segments.flatMap((segment) => expandSegment(segment, scope));
  if (pieces.some(({ splits, text }) => splits && text !== null && /\s/.test(text))) return splitWords(pieces);
  if (pieces.length > 0 && pieces.every(({ splits, text }) => splits && text === '')) return [];
  const own: Word = { range: word.range, pieces: pieces.map(({ splits: _, ...piece }) => piece) };
  return textOf(own) === '' && !pieces.some(({ quoted }) => quoted) ? [] : [own];
}

/** `%NAME%`, `!NAME!`, `%1`, `%~dp0`, `%*`, and a loop's `%%a`. */
const REFERENCE = /%%~?[a-zA-Z]|%\*|%~?[a-z]*\d|%([^%\s=:]+(?::[^%\r\n]+)?)%|!([^!\s=:]+)!/g;

function expandSegment({ text, range, exact, quoted }: Segment, scope: Scope): SplitPiece[] {
  const pieces: SplitPiece[] = [];
  const literal = (from: number, to: number): void => {
    if (to <= from && text !== '') return;
    const own = exact ? { start: range.start + from, end: range.start + to } : range;
    pieces.push({ text: text.slice(from, to), range: own, exact, quoted, lock: null, splits: false });
  };
  let done = 0;
  for (const match of exact ? text.matchAll(REFERENCE) : []) {
    if (match.index > done) literal(done, match.index);
    done = match.index + match[0].length;
    const own = { start: range.start + match.index, end: range.start + done };
    pieces.push(...referencePieces(match[0], match[1] ?? match[2], own, quoted, scope));
  }
  if (done < text.length || text === '') literal(done, text.length);
  return pieces;
}

function referencePieces(
  source: string,
  name: string | undefined,
  range: Range,
  quoted: boolean,
  scope: Scope,
): SplitPiece[] {
  const unknown = (lock: Piece['lock']): SplitPiece[] => [
    { text: null, range, exact: false, quoted: false, lock, splits: false },
  ];
  const variable = scope.get(name === undefined ? `%${source.replace(/[%~]/g, '')}` : name.toUpperCase());
  if (!variable) return unknown(name === undefined ? argumentLock(source) : unsetLock(`the variable ${name}`));
  const { held } = variable;
  if (held.kind === 'unknown') return unknown(held.lock);
  if (held.kind === 'list') return unknown(EXPRESSION);
  const text = held.pieces.some((piece) => piece.text === null)
    ? null
    : held.pieces.map((piece) => piece.text).join('');
  const isFlags = !quoted && /\s\S/.test(held.pieces.map((piece) => piece.text ?? '').join(''));
  if (isFlags) return held.pieces.map((piece): SplitPiece => ({ ...piece, splits: piece.text !== null }));
  const lock = held.pieces.find((piece) => piece.text === null)?.lock ?? referenceLock(variable);
  return [{ text, range, exact: false, quoted: false, lock, splits: !quoted }];
}
