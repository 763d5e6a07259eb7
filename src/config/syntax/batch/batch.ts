import { EXPANSION_RULES, partsOf, wordOfLoop, type BatchContext } from './parts';
import { commandName, placesIn } from './places';
import { batchTokens, plain, segmentsIn, type Token, type WordToken } from './tokens';
import { expandValue, expandWord } from '../script/expand';
import { Mentions, type Naming } from '../script/mentions';
import { Scope } from '../script/scope';
import { Script } from '../script/script';
import type { Parsed } from '../tree';
import type { Word } from '../script/words';

/**
 * Parse a script for cmd.exe (`.bat`, `.cmd`): one root for each command with flags, and a last one for the
 * variables that `set` gives a value. Never throws, and never runs anything.
 */
export function parseBatch(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, programs);
  new BatchReader(script, batchTokens(source)).run();
  return { ok: true, roots: script.roots() };
}

/** No real script is nested deeper. */
const MAX_DEPTH = 100;

/** `%ALPHA%` and `!ALPHA!`; a bare name in `set /a` and `if defined`. */
const NAMING: Naming = {
  sign: /[%!]$/,
  bare: /\bset\s{1,20}"?\/a|\bdefined\b/i,
  unnamed: /\bcall\s{1,20}(?:set\b|"?[^\s"]{1,300}(?<!activate|conda)\.(?:bat|cmd)\b)|!%|%!|%%%|'\s{0,20}set\b/i,
  comment: /^\s{0,300}@?(?:rem\b|::)/i,
  isCaseless: true,
};

class BatchReader {
  private at = 0;
  private depth = 0;
  /** Whether a command before may jump: `goto train`. */
  private hasJumped = false;
  private readonly scope: Scope;
  private readonly line: BatchContext;

  constructor(
    private readonly script: Script,
    private readonly tokens: readonly Token[],
  ) {
    const { source } = script;
    this.scope = new Scope(
      script,
      placesIn(tokens, (offset) => script.lineAt(offset)),
      new Mentions(script, NAMING),
    );
    this.line = {
      scope: this.scope,
      start: 0,
      isDelayed: /\benabledelayedexpansion\b/i.test(source),
      callsLabels: /\bcall\s{1,20}:/i.test(source),
    };
  }

  /** The whole script: up to the first jump or label, every line runs. */
  run(): void {
    while (this.at < this.tokens.length) {
      if (this.hasJumped || this.tokens[this.at]?.kind === 'label') this.section();
      else this.statement();
    }
  }

  /** The lines up to the next label, which `goto` may skip or repeat. */
  private section(): void {
    this.at += this.tokens[this.at]?.kind === 'label' ? 1 : 0;
    this.inBlock(() => {
      while (this.at < this.tokens.length && this.tokens[this.at]?.kind !== 'label') this.statement();
    }, true);
  }

  private statement(): void {
    const token = this.tokens[this.at];
    if (token?.kind === 'word' || this.isMark(this.at, '(')) {
      this.line.start = token?.range.start ?? 0;
      this.joined();
    } else this.at += 1;
  }

  /** `a & b && c || d | e`, up to the end of the line or block; what follows another command may not run. */
  private joined(): void {
    for (let join = '&'; ;) {
      const next = this.tokens[this.at];
      if (next?.kind !== 'word' && !this.isMark(this.at, '(')) return;
      if (join === '&') this.element();
      else {
        this.inBlock(() => {
          this.element();
        });
      }
      const mark = this.tokens[this.at];
      if (mark?.kind !== 'mark' || !/^[&|]/.test(mark.text)) return;
      join = mark.text;
      this.at += 1;
    }
  }

  /** @param isRepeated whether it may run again; its end is not known yet, so all lines up to the last count */
  private inBlock(read: () => void, isRepeated = false): void {
    const start = this.tokens[this.at]?.range.start ?? 0;
    this.scope.block({ start, end: isRepeated ? Infinity : start }, read);
  }

  private element(): void {
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      this.inBlock(() => {
        this.block();
      });
    } else this.command();
  }

  /** Commands up to the closing parenthesis, or to the end. */
  private block(): void {
    this.depth += 1;
    while (this.at < this.tokens.length) {
      if (this.isMark(this.at, ')')) break;
      const before = this.at;
      if (this.depth < MAX_DEPTH) this.joined();
      if (this.at === before) this.at += 1;
    }
    this.at += 1;
    this.depth -= 1;
  }

  /** The words up to the next mark, without redirections. */
  private words(): WordToken[] {
    const words: WordToken[] = [];
    for (; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      if (token?.kind === 'word') words.push(token);
      else if (token?.kind === 'mark' && /^(?:<|>|>>)$/.test(token.text)) {
        // `2>&1`: the number before the arrow and the target after it belong to the redirection.
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

  private isWord(at: number, text: string): boolean {
    const token = this.tokens[at];
    return token?.kind === 'word' && commandName(token) === text;
  }

  private command(): void {
    const first = this.tokens[this.at];
    const name = first?.kind === 'word' ? commandName(first) : '';
    if (name === 'if' || name === 'else') {
      this.at += name === 'if' ? this.conditionLength() : 1;
      this.guarded();
    } else if (name === 'for') this.loop();
    else this.simple(name, this.words());
  }

  private simple(name: string, words: readonly WordToken[]): void {
    const [first, last] = [words[0], words.at(-1)];
    if (!first || !last) return;
    const range = { start: first.range.start, end: last.range.end };
    this.scope.runs(range);
    const isCall = name === 'call' && words[1] !== undefined && plain(words[1]).startsWith(':');
    if (isCall || /^(?:goto|exit)\b/.test(name)) this.hasJumped = true;
    // Variables set since `setlocal` are lost.
    else if (name === 'endlocal') this.scope.forget(this.script.lineAt(range.start));
    else if (name === 'set') this.set(words);
    else {
      const own = words.flatMap(({ range: at, segments }) => {
        const parts = partsOf(segments, this.line);
        return parts.length === 0 ? [] : expandWord(at, parts, this.scope, EXPANSION_RULES);
      });
      this.script.run(own, range);
    }
  }

  /**
   * How many words `if` and its condition take: `if [/i] [not] exist x`, `defined X`, `a==b`, `a equ b`.
   * @see https://learn.microsoft.com/en-us/windows-server/administration/windows-commands/if
   */
  private conditionLength(): number {
    const text = (offset: number): string => {
      const token = this.tokens[this.at + offset];
      return token?.kind === 'word' ? this.script.source.slice(token.range.start, token.range.end) : '';
    };
    let length = 1;
    while (/^(?:\/i|not)$/i.test(text(length))) length += 1;
    const first = text(length);
    if (/^(?:exist|errorlevel|cmdextversion|defined)$/i.test(first)) return length + 2;
    if (first.includes('==')) return length + (first.endsWith('==') ? 2 : 1);
    return length + (/^==./.test(text(length + 1)) ? 2 : 3);
  }

  /** The commands of a condition or a loop: up to the end of the line or block, and those after `else`. */
  private guarded(isRepeated = false): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth += 1;
    this.inBlock(() => {
      this.joined();
    }, isRepeated);
    this.depth -= 1;
    if (this.isWord(this.at, 'else')) this.command();
  }

  /** `for %%a in (16 32) do command`. */
  private loop(): void {
    const range = this.tokens[this.at]?.range ?? { start: 0, end: 0 };
    const head = this.words();
    const variable = head.map(plain).find((text) => text.startsWith('%'));
    const values: Word[] = [];
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      values.push(...this.words().map(wordOfLoop));
      if (this.isMark(this.at, ')')) this.at += 1;
    }
    if (variable) {
      const name = variable.replaceAll('%', '');
      this.scope.loop(`%${name}`, range, head.length === 3 ? values : [], name);
    }
    if (this.isWord(this.at, 'do')) this.at += 1;
    this.guarded(true);
  }

  private set(words: readonly WordToken[]): void {
    const [second, last] = [words[1], words.at(-1)];
    if (!second || !last || /^\/[ap]$/i.test(plain(second))) return;
    const from = second.range.start;
    const source = this.script.source.slice(from, last.range.end);
    // A blank before the = belongs to the name.
    const match = /^("?)([^="]+)=([\s\S]*?)$/.exec(source);
    if (!match) return;
    const [, quote = '', name = '', rest = ''] = match;
    // The quotes around the assignment, and anything after them, are not part of the value.
    const value = (quote ? rest.replace(/"[^"]*$/, '') : rest).trimEnd();
    const start = from + source.length - rest.length;
    const lead = value.length - value.trimStart().length;
    const { found } = segmentsIn(this.script.source, start + lead, start + value.length);
    const nameRange = { start: from + quote.length, end: from + quote.length + name.length };
    // Names of variables are case-insensitive.
    this.scope.assign(name.toUpperCase(), nameRange, () => ({
      kind: 'text',
      pieces: expandValue(partsOf(found, this.line), this.scope, EXPANSION_RULES),
    }));
  }
}
