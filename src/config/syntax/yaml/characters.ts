import { Stop } from '../stop';

/** Where PyYAML ends a line. */
export const BREAKS = '\r\n\x85\u2028\u2029';
/** What ends a word: the end of the text counts as `\0`. */
export const BLANKS = `\0 ${BREAKS}`;
export const SPACES = `\0 \t${BREAKS}`;

const NON_PRINTABLE = /[^\t\n\r\x20-\x7E\x85\xA0-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/**
 * The characters of a YAML text, one after the other, with the column of the next one.
 * @see https://github.com/yaml/pyyaml/blob/6.0.3/lib/yaml/reader.py
 */
export class Characters {
  at = 0;
  line = 0;
  column = 0;

  /** @throws Stop at a character that YAML does not allow */
  constructor(readonly text: string) {
    const odd = NON_PRINTABLE.exec(text);
    if (!odd) return;
    const code = (odd[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0');
    throw new Stop(`unacceptable character #x${code}: special characters are not allowed`, odd.index);
  }

  /** The character `ahead` places from here; `\0` behind the end. */
  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? '\0';
  }

  prefix(length: number): string {
    return this.text.slice(this.at, this.at + length);
  }

  forward(length = 1): void {
    for (const end = Math.min(this.at + length, this.text.length); this.at < end;) {
      const character = this.text[this.at] ?? '';
      this.at += 1;
      if (character === '\r' ? this.text[this.at] !== '\n' : character !== '' && BREAKS.includes(character)) {
        this.line += 1;
        this.column = 0;
      } else if (character !== '\uFEFF') this.column += 1;
    }
  }

  /** Passes the characters that are in `set`, and says how many. */
  skip(set: string): number {
    const from = this.at;
    while (set.includes(this.peek()) && this.at < this.text.length) this.forward();
    return this.at - from;
  }

  /** Reads the characters before the first one that is in `set`. */
  until(set: string): string {
    let length = 0;
    while (!set.includes(this.peek(length))) length += 1;
    return this.take(length);
  }

  take(length: number): string {
    const taken = this.prefix(length);
    this.forward(length);
    return taken;
  }

  /** Reads a line break. Returns what YAML reads it as, mostly `\n`; an empty string if there is none. */
  lineBreak(): string {
    const character = this.peek();
    if (!BREAKS.includes(character)) return '';
    this.forward(this.prefix(2) === '\r\n' ? 2 : 1);
    return character === '\u2028' || character === '\u2029' ? character : '\n';
  }

  /** Passes a comment, up to the end of its line. */
  comment(): void {
    if (this.peek() === '#') this.until(`\0${BREAKS}`);
  }

  /** Whether the line begins with `---` or `...`, alone or before a space. */
  isDocumentMark(): boolean {
    const mark = this.prefix(3);
    return (mark === '---' || mark === '...') && SPACES.includes(this.peek(3));
  }

  /** @throws Stop here */
  stop(message: string, offset = this.at): never {
    throw new Stop(message, offset);
  }
}

/** A character as Python shows it. */
export function shown(character: string): string {
  const escaped: Readonly<Record<string, string>> = {
    '\t': '\\t',
    '\n': '\\n',
    '\r': '\\r',
    '\0': '\\x00',
    '\\': '\\\\',
  };
  if (character === "'") return '"\'"';
  const plain =
    escaped[character] ??
    character.replace(
      /[\x80-\xA0\u2028\u2029\uFEFF]/g,
      (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
  return `'${plain}'`;
}
