import type { Range } from '../../reading';

/** A part of a word: text, or a variable or expression. */
export interface LexemePart {
  kind: 'text' | 'variable' | 'expression';
  /** The text itself; the name of a variable in lower case; the source of an expression. */
  text: string;
  range: Range;
  exact: boolean;
  quoted: boolean;
}

export type Lexeme =
  | { kind: 'word'; range: Range; parts: readonly LexemePart[] }
  /** A mark of the language: `(`, `@(`, `@{`, `=`, `+=`, `,`, `;`, `|`, or the end of a line. Types are left out. */
  | { kind: 'mark'; range: Range; text: string };

const BLANK = /(?:[ \t\u00A0\uFEFF]|`\r?\n)+/y;
const LINE_END = /\r?\n/y;
const COMMENT = /#[^\r\n]*|<#[\s\S]*?(?:#>|$)/y;
const HERE = /@(["'])[ \t]*\r?\n([\s\S]*?)\r?\n\1@/y;
const MARK = /@\(|@\{|\+=|&&|\|\||>>|\d>&\d|\d?>|[(){},;|&=<]/y;
/** `[int]`, `[System.Collections.ArrayList]`. */
const TYPE = /\[[\w.]+(?:\[[\w.,]*\])?\]/y;
const NAME = /\$(?:\{([^}]+)\}|((?:(?:env|global|script|local|private):)?\w+|[$^?]))/iy;

/** The words and marks of a PowerShell script. A `[` or `=` within a word is part of it. */
export function powershellLexemes(source: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  let at = 0;
  while (at < source.length) {
    const blank = matchAt(BLANK, source, at) ?? matchAt(COMMENT, source, at) ?? matchAt(TYPE, source, at);
    if (blank) {
      at += blank.length;
      continue;
    }
    const end = matchAt(LINE_END, source, at);
    const mark = end ?? matchAt(MARK, source, at);
    if (mark) {
      lexemes.push({ kind: 'mark', range: { start: at, end: at + mark.length }, text: end ? '\n' : mark });
      at += mark.length;
      continue;
    }
    const last = lexemes.at(-1);
    const word = wordAt(
      source,
      at,
      last === undefined || (last.kind === 'mark' && /^(?:\n|;|\{|\(|@\{)$/.test(last.text)),
    );
    lexemes.push(word);
    at = Math.max(word.range.end, at + 1);
  }
  return lexemes;
}

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** @param isFirst at the beginning of a statement a name ends at its `=` */
function wordAt(source: string, from: number, isFirst: boolean): Lexeme & { kind: 'word' } {
  HERE.lastIndex = from;
  const here = HERE.exec(source);
  if (here) {
    const [whole, mark = '', text = ''] = here;
    const start = from + whole.indexOf('\n') + 1;
    const parts =
      mark === "'" ? [textPart(source, start, start + text.length, true)] : partsIn(source, start, start + text.length);
    return { kind: 'word', range: { start: from, end: from + whole.length }, parts };
  }
  const parts: LexemePart[] = [];
  let at = from;
  let start = at;
  const cut = (): void => {
    if (at > start) parts.push(textPart(source, start, at, false));
  };
  while (at < source.length) {
    const letter = source[at] ?? '';
    if (letter === '"' || letter === "'") {
      cut();
      const close = closingQuote(source, at);
      if (letter === "'") parts.push(single(source, at + 1, close));
      else parts.push(...partsIn(source, at + 1, close));
      at = Math.min(close + 1, source.length);
      start = at;
      continue;
    }
    if (letter === '`' && !/[\r\n]/.test(source[at + 1] ?? '\n')) {
      cut();
      parts.push({ ...textPart(source, at, at + 2, false), text: source[at + 1] ?? '', exact: false });
      at += 2;
      start = at;
      continue;
    }
    if (letter === '$') {
      const found = referenceAt(source, at, false);
      if (found) {
        cut();
        parts.push(found);
        at = found.range.end;
        start = at;
        continue;
      }
    }
    if (/[\s`(){},;|&]/.test(letter)) break;
    if (letter === '<' || letter === '>') break;
    if (isFirst && /^\+?=/.test(source.slice(at, at + 2)) && /^[$\w:{}"']+$/.test(source.slice(from, at))) break;
    at += 1;
  }
  cut();
  return { kind: 'word', range: { start: from, end: at }, parts };
}

function textPart(source: string, start: number, end: number, quoted: boolean): LexemePart {
  return { kind: 'text', text: source.slice(start, end), range: { start, end }, exact: true, quoted };
}

function single(source: string, start: number, end: number): LexemePart {
  const part = textPart(source, start, end, true);
  return part.text.includes("''") ? { ...part, text: part.text.replaceAll("''", "'"), exact: false } : part;
}

/** Offset of the quote that closes the one at `at`; a doubled quote is an escape. */
function closingQuote(source: string, at: number): number {
  const quote = source[at] ?? '"';
  for (let i = at + 1; i < source.length; i += 1) {
    if (quote === '"' && source[i] === '`') i += 1;
    else if (source[i] === quote) {
      if (source[i + 1] !== quote) return i;
      i += 1;
    }
  }
  return source.length;
}

/** The text and the variables within double quotes. */
function partsIn(source: string, from: number, to: number): LexemePart[] {
  const parts: LexemePart[] = [];
  let start = from;
  const cut = (at: number): void => {
    if (at > start) parts.push(textPart(source, start, at, true));
  };
  for (let at = from; at < to; at += 1) {
    const found = source[at] === '$' ? referenceAt(source, at, true) : null;
    const isEscape = source[at] === '`' || (source[at] === '"' && source[at + 1] === '"');
    if (!found && !isEscape) continue;
    cut(at);
    if (found) parts.push(found);
    else {
      const whole = textPart(source, at, Math.min(at + 2, to), true);
      parts.push({ ...whole, text: escaped(whole.text[1] ?? ''), exact: false });
    }
    at = found ? found.range.end - 1 : at + 1;
    start = at + 1;
  }
  cut(to);
  return parts.length > 0 ? parts : [textPart(source, from, to, true)];
}

function escaped(letter: string): string {
  return letter === 'n' ? '\n' : letter === 't' ? '\t' : letter;
}

/** `$name`, `${name}`, `$env:NAME`, or `$(…)` and `$a.b`, whose values are not followed. */
function referenceAt(source: string, at: number, quoted: boolean): LexemePart | null {
  if (source[at + 1] === '(') {
    const end = closingBracket(source, at + 1);
    return { ...textPart(source, at, end, quoted), kind: 'expression', exact: false };
  }
  NAME.lastIndex = at;
  const match = NAME.exec(source);
  if (!match) return null;
  const end = at + match[0].length;
  // Within quotes a dot ends the name.
  const member = quoted ? null : matchAt(/(?:\.\w+|\[[^\]\r\n]*\])+/y, source, end);
  const range = { start: at, end: end + (member?.length ?? 0) };
  if (member) return { kind: 'expression', text: source.slice(range.start, range.end), range, exact: false, quoted };
  const name = (match[1] ?? match[2] ?? '').toLowerCase().replace(/^(global|script|local|private):/, '');
  return { kind: 'variable', text: name, range, exact: false, quoted };
}

function closingBracket(source: string, at: number): number {
  let depth = 0;
  for (let i = at; i < source.length; i += 1) {
    if (source[i] === '(') depth += 1;
    if (source[i] === ')') depth -= 1;
    if (depth === 0) return i + 1;
  }
  return source.length;
}
