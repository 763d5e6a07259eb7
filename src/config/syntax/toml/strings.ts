import { CONTROL, CONTROL_IN_LINE, shown, SPACE, SPACE_AND_LINES, type TomlSource } from './source';

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  t: '\t',
  n: '\n',
  f: '\f',
  r: '\r',
  '"': '"',
  '\\': '\\',
};

/** A text in quotes on one line, as keys and values have them; null where none begins here. */
export function lineString(source: TomlSource): string | null {
  const quote = source.peek();
  if (quote !== '"' && quote !== "'") return null;
  source.at += 1;
  if (quote === '"') return basic(source, false);
  const value = source.until("'", CONTROL_IN_LINE, true);
  source.at += 1;
  return value;
}

/** A text in quotes of any kind. */
export function anyString(source: TomlSource): string | null {
  const quote = source.peek();
  const marks = quote.repeat(3);
  if ((quote !== '"' && quote !== "'") || !source.isNext(marks)) return lineString(source);
  source.at += 3;
  if (source.peek() === '\n') source.at += 1;
  let value: string;
  if (quote === '"') value = basic(source, true);
  else {
    value = source.until(marks, CONTROL, true);
    source.at += 3;
  }
  // Up to two further marks belong to the text.
  for (let further = 0; further < 2 && source.peek() === quote; further += 1) {
    source.at += 1;
    value += quote;
  }
  return value;
}

// eslint-disable-next-line no-control-regex -- what TOML forbids
const PLAIN = /[^"\\\x00-\x08\x0A-\x1F\x7F]+/y;

function basic(source: TomlSource, isLong: boolean): string {
  const parts: string[] = [];
  for (;;) {
    parts.push(source.match(PLAIN) ?? '');
    const mark = source.peek();
    if (mark === '') source.stop('Unterminated string');
    if (mark === '\\') parts.push(escape(source, isLong));
    else if (mark === '"' && (!isLong || source.isNext('"""'))) {
      source.at += isLong ? 3 : 1;
      return parts.join('');
    } else if (mark === '"' || (isLong && mark === '\n')) {
      parts.push(mark);
      source.at += 1;
    } else source.stop(`Illegal character ${shown(mark)}`);
  }
}

function escape(source: TomlSource, isLong: boolean): string {
  const letter = source.text[source.at + 1] ?? '';
  source.at += 2;
  if (isLong && letter !== '' && SPACE_AND_LINES.includes(letter)) {
    if (letter !== '\n') {
      source.skip(SPACE);
      if (source.peek() === '') return '';
      if (source.peek() !== '\n') source.stop("Unescaped '\\' in a string");
      source.at += 1;
    }
    source.skip(SPACE_AND_LINES);
    return '';
  }
  if (letter === 'u') return hex(source, 4);
  if (letter === 'U') return hex(source, 8);
  const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  return plain ?? source.stop("Unescaped '\\' in a string");
}

function hex(source: TomlSource, length: number): string {
  const digits = source.text.slice(source.at, source.at + length);
  if (digits.length < length || !/^[\dA-Fa-f]+$/.test(digits)) source.stop('Invalid hex value');
  source.at += length;
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
    source.stop('Escaped character is not a Unicode scalar value');
  }
  return String.fromCodePoint(code);
}
