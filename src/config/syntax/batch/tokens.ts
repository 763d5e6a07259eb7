import type { Range } from '../../reading';

/** A part of a word with one kind of quoting. */
export interface QuotedPart {
  text: string;
  range: Range;
  /** Whether the text is identical to the source; escaped letters are not. */
  exact: boolean;
  quoted: boolean;
}

export type BatchToken =
  | { kind: 'word'; range: Range; segments: readonly QuotedPart[] }
  /** `(`, `)`, `&`, `&&`, `|`, `||`, `>`, `<`, or the end of a line. */
  | { kind: 'mark'; range: Range; text: string }
  /** `:train`, a target of `goto` and `call`. */
  | { kind: 'label'; range: Range };

export type WordToken = BatchToken & { kind: 'word' };

/** The text of a word without its quotes, with variables by their names. */
export function plain({ segments }: WordToken): string {
  return segments.map(({ text }) => text).join('');
}

const LINE_END = /\r?\n/y;
const COMMENT = /(?:@?rem(?![^\s.])|::|:)[^\n]*/iy;
const LABEL = /:[ \t]*[^\s:+,;=&|<>()]/y;
const BACKSLASHES = /\\+/y;
const MARK = /&&|\|\||>>|[&|()<>]/y;

/** The words and marks of a script for cmd.exe: a caret escapes a letter or continues the line. */
export function batchTokens(source: string): BatchToken[] {
  const tokens: BatchToken[] = [];
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let isStart = true;
  while (at < source.length) {
    const end = matchAt(LINE_END, source, at);
    if (end) {
      tokens.push({ kind: 'mark', range: { start: at, end: at + end.length }, text: '\n' });
      at += end.length;
      isStart = true;
      continue;
    }
    const skipped = /[ \t]/.test(source[at] ?? '') ? 1 : goesOn(source, at);
    if (skipped > 0) {
      at += skipped;
      continue;
    }
    const label = isStart && tokens.at(-1)?.kind !== 'word' ? matchAt(LABEL, source, at) : null;
    if (label !== null) tokens.push({ kind: 'label', range: { start: at, end: at } });
    const comment = isStart ? matchAt(COMMENT, source, at) : null;
    if (comment) {
      at += comment.replace(/\r$/, '').length;
      continue;
    }
    const mark = matchAt(MARK, source, at);
    if (mark) {
      tokens.push({ kind: 'mark', range: { start: at, end: at + mark.length }, text: mark });
      at += mark.length;
      isStart = !/[<>]/.test(mark);
      continue;
    }
    const word = wordAt(source, at);
    tokens.push(word);
    at = word.range.end;
    isStart = false;
  }
  return tokens;
}

function matchAt(pattern: RegExp, source: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? null;
}

/** Length of a caret and a line end; 0 if there is none. */
function goesOn(source: string, at: number): number {
  if (source[at] !== '^') return 0;
  if (source.startsWith('\r\n', at + 1)) return 3;
  return source[at + 1] === '\n' ? 2 : 0;
}

function wordAt(source: string, from: number): WordToken {
  const segments = segmentsIn(source, from, null);
  return { kind: 'word', range: { start: from, end: segments.end }, segments: segments.found };
}

/**
 * The segments of a word, or of all words up to an end.
 * @param to the end; null for the end of the word
 */
export function segmentsIn(source: string, from: number, to: number | null): { found: QuotedPart[]; end: number } {
  const segments: QuotedPart[] = [];
  let at = from;
  let quoted = false;
  let start = at;
  const cut = (): void => {
    if (at > start) {
      segments.push({ text: source.slice(start, at), range: { start, end: at }, exact: true, quoted });
    }
  };
  while (at < (to ?? source.length)) {
    const letter = source[at] ?? '';
    if (to === null && (letter === '\n' || (letter === '\r' && source[at + 1] === '\n'))) break;
    if (letter === '\\') {
      const slashes = matchAt(BACKSLASHES, source, at)?.length ?? 1;
      if (source[at + slashes] !== '"') {
        at += slashes;
        continue;
      }
      // Two backslashes before a quote are one backslash; an odd one escapes the quote.
      cut();
      const isLetter = slashes % 2 === 1;
      const range = { start: at, end: at + slashes + (isLetter ? 1 : 0) };
      const text = '\\'.repeat(Math.floor(slashes / 2)) + (isLetter ? '"' : '');
      segments.push({ text, range, exact: false, quoted });
      at = start = range.end;
      continue;
    }
    if (letter === '"') {
      cut();
      // An empty pair of quotes is a word.
      if (quoted && start === at) segments.push({ text: '', range: { start: at, end: at }, exact: true, quoted });
      quoted = !quoted;
      start = at += 1;
      continue;
    }
    if (to === null && !quoted && /[ \t&|()<>]/.test(letter)) break;
    if (!quoted && letter === '^') {
      const next = goesOn(source, at);
      if (next > 0 && to === null) break;
      cut();
      if (next > 0) {
        start = at += next;
        continue;
      }
      // A caret may be the last character of the file.
      start = Math.min(at + 2, source.length);
      segments.push({ text: source[at + 1] ?? '', range: { start: at, end: start }, exact: false, quoted });
      at = start;
      continue;
    }
    at += 1;
  }
  cut();
  return { found: segments, end: at };
}
