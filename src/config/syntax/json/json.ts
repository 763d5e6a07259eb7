import * as l10n from '@vscode/l10n';
import type { Loader } from '../loaders';
import { refusal, Stop } from '../stop';
import { bareScalar, quotedScalar, type Entry, type Parsed, type SyntaxNode } from '../tree';

/** Advice for errors of json, by the text before and after the error. */
const ADVICE: readonly (readonly [before: RegExp, behind: RegExp, string])[] = [
  [/$/, /^\/[/*]/, l10n.t('JSON has no comments. Remove this one.')],
  [/,\s*$/, /^[\]}]/, l10n.t('Remove the comma after the last entry.')],
  [/^$/, /^\uFEFF/, l10n.t('Save the file as UTF-8 without a byte order mark.')],
];

/**
 * Parse JSON as Python's json module does, into a tree with the ranges of the source: `NaN`, `Infinity` and `-Infinity` are
 * numbers. Never throws.
 * @param loader if missing, comments, trailing commas and a byte order mark are allowed, because some readers accept them
 */
export function parseJson(text: string, loader?: Loader): Parsed {
  try {
    const root = new JsonReader(text, loader !== undefined).root();
    return { ok: true, roots: root ? [{ node: root, lock: null }] : [] };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return refusal(loader?.name ?? 'json', error.offset, error.message, adviceAt(text, error.offset));
  }
}

function adviceAt(text: string, offset: number): string | undefined {
  const [before, behind] = [text.slice(Math.max(0, offset - 100), offset), text.slice(offset, offset + 2)];
  return ADVICE.find(([first, second]) => first.test(before) && second.test(behind))?.[2];
}

const SPACE = /[ \t\n\r]*/y;
const COMMENT = /\/\/[^\n\r]*|\/\*(?:[^*]|\*(?!\/))*\*\//y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** Python refuses to make a number of more digits. */
const MAX_DIGITS = 4300;
// eslint-disable-next-line no-control-regex -- they are what JSON forbids
const TEXT = /[^"\\\x00-\x1F]*/y;

const WORDS: readonly (readonly [string, number | boolean | null])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Infinity],
  ['-Infinity', -Infinity],
];

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** @see https://github.com/python/cpython/blob/3.13/Lib/json/decoder.py */
class JsonReader {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly isStrict: boolean,
  ) {}

  root(): SyntaxNode | null {
    if (this.text.startsWith('\uFEFF')) {
      if (this.isStrict) throw new Stop('Unexpected UTF-8 BOM (decode using utf-8-sig)', 0);
      this.at = 1;
    }
    this.space();
    if (!this.isStrict && this.at === this.text.length) return null;
    const node = this.value();
    this.space();
    if (this.at < this.text.length) throw new Stop('Extra data', this.at);
    return node;
  }

  /** Passes what matches here. */
  private pass(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.text) ?? [];
    this.at += found.length;
    return found;
  }

  /** Passes white space, and comments where they may stand. */
  private space(): void {
    this.pass(SPACE);
    if (this.isStrict) return;
    while (this.text[this.at] === '/' && this.pass(COMMENT) !== '') this.pass(SPACE);
  }

  private value(): SyntaxNode {
    const start = this.at;
    const mark = this.text[start];
    if (mark === '{') return this.object();
    if (mark === '[') return this.array();
    if (mark === '"') {
      const value = this.string();
      return quotedScalar(this.text, { start, end: this.at }, value);
    }
    const word = WORDS.find(([name]) => this.text.startsWith(name, start));
    if (word) {
      this.at += word[0].length;
      return bareScalar(this.text, { start, end: this.at }, word[1]);
    }
    const digits = this.pass(NUMBER);
    if (digits === '') throw new Stop('Expecting value', start);
    if (/^-?\d+$/.test(digits) && digits.length > MAX_DIGITS + (digits.startsWith('-') ? 1 : 0)) {
      throw new Stop(`Exceeds the limit (${MAX_DIGITS} digits) for integer string conversion`, start);
    }
    return bareScalar(this.text, { start, end: this.at }, Number(digits));
  }

  private object(): SyntaxNode {
    const start = this.at;
    const entries: Entry[] = [];
    this.entries('}', 'Expecting property name enclosed in double quotes', () => {
      const keyStart = this.at;
      if (this.text[keyStart] !== '"') throw new Stop('Expecting property name enclosed in double quotes', keyStart);
      const key = this.string();
      const keyRange = { start: keyStart, end: this.at };
      this.space();
      if (this.text[this.at] !== ':') throw new Stop("Expecting ':' delimiter", this.at);
      this.at += 1;
      this.space();
      entries.push({ key, keyRange, value: this.value(), home: 'json' });
    });
    return { kind: 'map', range: { start, end: this.at }, entries };
  }

  private array(): SyntaxNode {
    const start = this.at;
    const items: SyntaxNode[] = [];
    this.entries(']', 'Expecting value', () => items.push(this.value()));
    return { kind: 'list', range: { start, end: this.at }, items };
  }

  /** The entries of what begins here, up to behind `close`. */
  private entries(close: '}' | ']', expected: string, entry: () => void): void {
    this.at += 1;
    this.space();
    while (this.text[this.at] !== close) {
      entry();
      this.space();
      if (this.text[this.at] === close) break;
      if (this.text[this.at] !== ',') throw new Stop("Expecting ',' delimiter", this.at);
      this.at += 1;
      this.space();
      if (this.isStrict && this.text[this.at] === close) throw new Stop(expected, this.at);
    }
    this.at += 1;
  }

  private string(): string {
    const start = this.at;
    this.at += 1;
    const parts: string[] = [];
    for (;;) {
      parts.push(this.pass(TEXT));
      const mark = this.text[this.at];
      if (mark === undefined) throw new Stop('Unterminated string starting at', start);
      if (mark === '"') break;
      if (mark !== '\\') throw new Stop('Invalid control character at', this.at);
      parts.push(this.escape(start));
    }
    this.at += 1;
    return parts.join('');
  }

  private escape(start: number): string {
    const letter = this.text[this.at + 1];
    if (letter === undefined) throw new Stop('Unterminated string starting at', start);
    if (letter === 'u') {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[\dA-Fa-f]{4}$/.test(digits)) throw new Stop('Invalid \\uXXXX escape', this.at + 1);
      this.at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
    if (plain === undefined) throw new Stop(`Invalid \\escape`, this.at);
    this.at += 2;
    return plain;
  }
}
