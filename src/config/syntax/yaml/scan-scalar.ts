import { BLANKS, BREAKS, SPACES, shown, type Characters } from './characters';

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

export interface ScannedScalar {
  value: string;
  style: ScalarStyle;
  start: number;
  end: number;
}

const LINE_END = `\0${BREAKS}`;

/**
 * A block of text behind `|` or `>`.
 * @param parent the indentation around it
 */
export function scanBlock(source: Characters, parent: number): ScannedScalar {
  const start = source.at;
  const isFolded = source.peek() === '>';
  source.forward();
  const { keeps, increment } = indicators(source);
  source.skip(' ');
  source.comment();
  if (!LINE_END.includes(source.peek())) {
    source.stop(`while scanning a block scalar: expected a comment or a line break, but found ${shown(source.peek())}`);
  }
  source.lineBreak();
  const least = Math.max(1, parent + 1);
  let indent = least + (increment ?? 1) - 1;
  let breaks: Breaks;
  if (increment === null) {
    const found = leadingBreaks(source);
    indent = Math.max(least, found.deepest);
    breaks = found;
  } else breaks = blockBreaks(source, indent);
  const chunks: string[] = [];
  let lineBreak = '';
  while (source.column === indent && source.peek() !== '\0') {
    chunks.push(...breaks.lines);
    const isText = !' \t'.includes(source.peek());
    chunks.push(source.until(LINE_END));
    lineBreak = source.lineBreak();
    breaks = blockBreaks(source, indent);
    if (source.column !== indent || source.peek() === '\0') break;
    if (isFolded && lineBreak === '\n' && isText && !' \t'.includes(source.peek())) {
      if (breaks.lines.length === 0) chunks.push(' ');
    } else chunks.push(lineBreak);
  }
  if (keeps !== false) chunks.push(lineBreak);
  if (keeps === true) chunks.push(...breaks.lines);
  return { value: chunks.join(''), style: 'block', start, end: breaks.end };
}

/** `|+2`: whether the line breaks at the end are kept (true), all dropped (false) or but one (null), and the indentation. */
function indicators(source: Characters): { keeps: boolean | null; increment: number | null } {
  let keeps: boolean | null = null;
  let increment: number | null = null;
  const keep = (): void => {
    if (!'+-'.includes(source.peek())) return;
    keeps = source.take(1) === '+';
  };
  const indent = (): void => {
    if (!'0123456789'.includes(source.peek())) return;
    increment = Number(source.peek());
    if (increment === 0) {
      source.stop('while scanning a block scalar: expected indentation indicator in the range 1-9, but found 0');
    }
    source.forward();
  };
  keep();
  indent();
  if (keeps === null) keep();
  if (!BLANKS.includes(source.peek())) {
    source.stop(
      `while scanning a block scalar: expected chomping or indentation indicators, but found ${shown(source.peek())}`,
    );
  }
  return { keeps, increment };
}

interface Breaks {
  lines: string[];
  end: number;
}

function leadingBreaks(source: Characters): Breaks & { deepest: number } {
  const lines: string[] = [];
  let [deepest, end] = [0, source.at];
  while (` ${BREAKS}`.includes(source.peek())) {
    if (source.peek() === ' ') {
      source.forward();
      deepest = Math.max(deepest, source.column);
    } else {
      lines.push(source.lineBreak());
      end = source.at;
    }
  }
  return { lines, deepest, end };
}

function blockBreaks(source: Characters, indent: number): Breaks {
  const lines: string[] = [];
  let end = source.at;
  const indentation = (): void => {
    while (source.column < indent && source.peek() === ' ') source.forward();
  };
  indentation();
  while (BREAKS.includes(source.peek())) {
    lines.push(source.lineBreak());
    end = source.at;
    indentation();
  }
  return { lines, end };
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1B'],
  [' ', ' '],
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['N', '\x85'],
  ['_', '\xA0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const CODES: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** A text in quotes. */
export function scanQuoted(source: Characters): ScannedScalar {
  const start = source.at;
  const quote = source.take(1);
  const chunks: string[] = [];
  quotedText(source, quote, chunks);
  while (source.peek() !== quote) {
    quotedSpaces(source, chunks, start);
    quotedText(source, quote, chunks);
  }
  source.forward();
  return { value: chunks.join(''), style: quote === '"' ? 'double' : 'single', start, end: source.at };
}

function quotedText(source: Characters, quote: string, chunks: string[]): void {
  const isDouble = quote === '"';
  for (;;) {
    chunks.push(source.until(`'"\\${SPACES}`));
    const next = source.peek();
    if (!isDouble && source.prefix(2) === "''") {
      chunks.push("'");
      source.forward(2);
    } else if (isDouble ? next === "'" : next === '"' || next === '\\') chunks.push(source.take(1));
    else if (isDouble && next === '\\') escaped(source, chunks);
    else return;
  }
}

function escaped(source: Characters, chunks: string[]): void {
  source.forward();
  const letter = source.peek();
  const plain = ESCAPES.get(letter);
  const length = CODES.get(letter);
  if (plain !== undefined) {
    chunks.push(plain);
    source.forward();
  } else if (length !== undefined) {
    source.forward();
    const digits = source.prefix(length);
    const good = /^[\dA-Fa-f]*/.exec(digits)?.[0].length ?? 0;
    if (good < length) {
      source.stop(
        `while scanning a double-quoted scalar: expected escape sequence of ${length} hexadecimal numbers, but found ${shown(source.peek(good))}`,
      );
    }
    const code = Number.parseInt(digits, 16);
    if (code > 0x10ffff) source.stop('chr() arg not in range(0x110000)');
    chunks.push(String.fromCodePoint(code));
    source.forward(length);
  } else if (BREAKS.includes(letter)) {
    source.lineBreak();
    chunks.push(...quotedBreaks(source));
  } else source.stop(`while scanning a double-quoted scalar: found unknown escape character ${shown(letter)}`);
}

function quotedSpaces(source: Characters, chunks: string[], start: number): void {
  const from = source.at;
  source.skip(' \t');
  const spaces = source.text.slice(from, source.at);
  if (source.peek() === '\0') source.stop('while scanning a quoted scalar: found unexpected end of stream', start);
  if (!BREAKS.includes(source.peek())) {
    chunks.push(spaces);
    return;
  }
  chunks.push(...folded(source.lineBreak(), quotedBreaks(source)));
}

/** A line break within a text becomes a space, unless further ones follow. */
function folded(lineBreak: string, breaks: readonly string[]): string[] {
  const first = lineBreak === '\n' ? (breaks.length === 0 ? [' '] : []) : [lineBreak];
  return [...first, ...breaks];
}

function quotedBreaks(source: Characters): string[] {
  const breaks: string[] = [];
  for (;;) {
    if (source.isDocumentMark()) source.stop('while scanning a quoted scalar: found unexpected document separator');
    source.skip(' \t');
    if (!BREAKS.includes(source.peek())) return breaks;
    breaks.push(source.lineBreak());
  }
}

/**
 * A text without quotes.
 * @param parent the indentation around it
 * @returns also whether it ended at a line break, behind which a key may stand
 */
export function scanPlain(source: Characters, parent: number, isFlow: boolean): ScannedScalar & { endsLine: boolean } {
  const start = source.at;
  const afterColon = isFlow ? `${SPACES},[]{}` : SPACES;
  const chunks: string[] = [];
  let end = start;
  let spaces: readonly string[] = [];
  let endsLine = false;
  while (source.peek() !== '#') {
    let length = 0;
    for (let next = source.peek(); !endsPlain(source, next, length, isFlow, afterColon); next = source.peek(length)) {
      length += 1;
    }
    if (length === 0) break;
    chunks.push(...spaces, source.take(length));
    end = source.at;
    const found = plainSpaces(source);
    endsLine = found.endsLine;
    spaces = found.chunks;
    if (spaces.length === 0 || source.peek() === '#' || (!isFlow && source.column <= parent)) break;
  }
  return { value: chunks.join(''), style: 'plain', start, end, endsLine };
}

function endsPlain(source: Characters, next: string, at: number, isFlow: boolean, afterColon: string): boolean {
  if (SPACES.includes(next)) return true;
  if (next === ':' && afterColon.includes(source.peek(at + 1))) return true;
  return isFlow && ',?[]{}'.includes(next);
}

function plainSpaces(source: Characters): { chunks: readonly string[]; endsLine: boolean } {
  const from = source.at;
  source.skip(' ');
  const spaces = source.text.slice(from, source.at);
  if (!BREAKS.includes(source.peek())) return { chunks: spaces === '' ? [] : [spaces], endsLine: false };
  const lineBreak = source.lineBreak();
  if (source.isDocumentMark()) return { chunks: [], endsLine: true };
  const breaks: string[] = [];
  while (` ${BREAKS}`.includes(source.peek())) {
    if (source.peek() === ' ') source.forward();
    else {
      breaks.push(source.lineBreak());
      if (source.isDocumentMark()) return { chunks: [], endsLine: true };
    }
  }
  return { chunks: folded(lineBreak, breaks), endsLine: true };
}
