import { countWhile } from '../search';
import { Stop } from '../stop';

/** What the loader may read as another value. */
export class Odd extends Stop {}

export const SPACE = ' \t';
export const SPACE_AND_LINES = ' \t\n';

/** A text with plain line feeds, as tomllib reads it, and where its characters stand in the file. */
export class TomlSource {
  readonly text: string;
  at = 0;
  /** Where carriage returns were left out. */
  private readonly returns: number[] = [];

  constructor(file: string) {
    this.text = file.replaceAll('\r\n', '\n');
    if (this.text.length === file.length) return;
    for (let at = file.indexOf('\r\n'); at !== -1; at = file.indexOf('\r\n', at + 2)) {
      this.returns.push(at - this.returns.length);
    }
  }

  /** The offset in the file; at a line end, that before its carriage return. */
  inFile(at: number): number {
    return at + countWhile(this.returns, (left) => left < at);
  }

  range(start: number, end = this.at): { start: number; end: number } {
    return { start: this.inFile(start), end: this.inFile(end) };
  }

  peek(): string {
    return this.text[this.at] ?? '';
  }

  isNext(words: string): boolean {
    return this.text.startsWith(words, this.at);
  }

  /** Passes what a sticky pattern matches here. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined) return null;
    this.at += found.length;
    return found;
  }

  skip(characters: string): void {
    while (this.peek() !== '' && characters.includes(this.peek())) this.at += 1;
  }

  comment(): void {
    if (this.peek() === '#') this.until('\n', CONTROL_IN_LINE, false);
  }

  /** White space, lines and comments. */
  skipLines(): void {
    for (let before = -1; before !== this.at;) {
      before = this.at;
      this.skip(SPACE_AND_LINES);
      this.comment();
    }
  }

  /** The text up to `end`, passed; without `end` itself. */
  until(end: string, illegal: RegExp, isNeeded: boolean): string {
    const found = this.text.indexOf(end, this.at);
    if (found === -1 && isNeeded) throw new Stop(`Expected '${end.replaceAll("'", "\\'")}'`, this.text.length);
    const passed = this.text.slice(this.at, found === -1 ? this.text.length : found);
    const odd = illegal.exec(passed);
    if (odd) throw new Stop(`Found invalid character ${shown(odd[0])}`, this.at + odd.index);
    this.at += passed.length;
    return passed;
  }

  stop(message: string, at = this.at): never {
    throw new Stop(message, at);
  }
}

// eslint-disable-next-line no-control-regex -- what TOML forbids
export const CONTROL_IN_LINE = /[\x00-\x08\x0A-\x1F\x7F]/;
// eslint-disable-next-line no-control-regex -- what TOML forbids
export const CONTROL = /[\x00-\x08\x0B-\x1F\x7F]/;

/** A character as Python shows it. */
export function shown(character: string): string {
  const known: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const code = character.charCodeAt(0).toString(16).padStart(2, '0');
  return `'${known[character] ?? `\\x${code}`}'`;
}
