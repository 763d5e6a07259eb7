import { Assignments } from './assignments';
import { mentionsIn } from './batch/mentions';
import { MANNER, partsOf, type Line } from './batch/parts';
import { commandName, placesIn } from './batch/places';
import { batchTokens, plain, segmentsIn, type Token, type WordToken } from './batch/tokens';
import { expandValue, expandWord } from './expand';
import { Script } from './script';
import type { Parsed } from './tree';
import { loopLock, Scope, type BlockKind, type Held } from './variables';

/**
 * Parse a script for cmd.exe (`.bat`, `.cmd`): every command with flags is a root of its own, and a last one holds the
 * variables that `set` gives a value. Never throws, and never runs anything.
 */
export function parseBatch(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, programs);
  new BatchReader(script, batchTokens(source)).run();
  return { ok: true, roots: script.roots() };
}

/** Deeper nesting is no script that anybody wrote. */
const MAX_DEPTH = 100;

class BatchReader {
  private at = 0;
  private depth = 0;
  private hasJumped = false;
  private isBehindJump = false;
  private readonly scope: Scope;
  private readonly assignments: Assignments;
  private readonly line: Line;

  constructor(
    private readonly script: Script,
    private readonly tokens: readonly Token[],
  ) {
    const { source } = script;
    const places = placesIn(tokens, (offset) => script.lineAt(offset));
    this.scope = new Scope(places);
    this.assignments = new Assignments(script, places, mentionsIn(script), this.scope);
    this.line = {
      scope: this.scope,
      start: 0,
      isDelayed: /\benabledelayedexpansion\b/i.test(source),
      callsLabels: /\bcall\s{1,20}:/i.test(source),
    };
  }

  /** The whole script. */
  run(): void {
    while (this.at < this.tokens.length) {
      const token = this.tokens[this.at];
      if (!token) break;
      if (token.kind === 'label') {
        this.behindJump('loop', token.range.start);
        this.at += 1;
      } else if (token.kind === 'word' || token.text === '(') {
        if (this.hasJumped && !this.isBehindJump) this.behindJump('branch', token.range.start);
        this.line.start = token.range.start;
        this.joined();
      } else this.at += 1;
    }
  }

  /** Lines that `goto` may skip, up to the next label, or that it may repeat, behind one. */
  private behindJump(kind: BlockKind, start: number): void {
    if (this.isBehindJump) this.scope.leave();
    this.scope.enter(kind, { start, end: Infinity });
    this.isBehindJump = true;
  }

  /** `a & b && c || d | e`, up to the end of the line or block; what follows another command may not run. */
  private joined(): void {
    for (let join = '&'; ;) {
      const next = this.tokens[this.at];
      if (next?.kind !== 'word' && !this.isMark(this.at, '(')) return;
      if (join === '&') this.element();
      else {
        this.inBlock('branch', () => {
          this.element();
        });
      }
      const mark = this.tokens[this.at];
      if (mark?.kind !== 'mark' || !/^[&|]/.test(mark.text)) return;
      join = mark.text;
      this.at += 1;
    }
  }

  private inBlock(kind: BlockKind, read: () => void): void {
    this.scope.enter(kind, { start: this.tokens[this.at]?.range.start ?? 0, end: Infinity });
    read();
    this.scope.leave();
  }

  private element(): void {
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      this.inBlock('branch', () => {
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

  /** The words up to the next mark; what is redirected is left out. */
  private words(): WordToken[] {
    const words: WordToken[] = [];
    for (; this.at < this.tokens.length; this.at += 1) {
      const token = this.tokens[this.at];
      if (token?.kind === 'word') words.push(token);
      else if (token?.kind === 'mark' && /^(?:<|>|>>)$/.test(token.text)) {
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

  private isWord(at: number, text: string): boolean {
    const token = this.tokens[at];
    return token?.kind === 'word' && commandName(token) === text;
  }

  private command(): void {
    const first = this.tokens[this.at];
    const name = first?.kind === 'word' ? commandName(first) : '';
    if (name === 'if' || name === 'else') {
      this.at += name === 'if' ? this.conditionLength() : 1;
      this.guarded('branch');
    } else if (name === 'for') this.loop();
    else this.simple(name, this.words());
  }

  private simple(name: string, words: readonly WordToken[]): void {
    const [first, last] = [words[0], words.at(-1)];
    if (!first || !last) return;
    const range = { start: first.range.start, end: last.range.end };
    this.scope.forgetIn(range);
    const isCall = name === 'call' && words[1] !== undefined && plain(words[1]).startsWith(':');
    if (isCall || /^(?:goto|exit)\b/.test(name)) this.hasJumped = true;
    // What was set since `setlocal` is gone.
    else if (name === 'endlocal') this.scope.forgetAll(this.script.lineAt(range.start));
    else if (name === 'set') this.set(words);
    else {
      const own = words.flatMap(({ range: at, segments }) => {
        const parts = partsOf(segments, this.line);
        return parts.length === 0 ? [] : expandWord(at, parts, this.scope, MANNER);
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

  /** What a condition or a loop guards: all commands up to the end of the line or block, and those behind `else`. */
  private guarded(kind: BlockKind): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth += 1;
    this.inBlock(kind, () => {
      this.joined();
    });
    this.depth -= 1;
    if (this.isWord(this.at, 'else')) this.command();
  }

  /** `for %%a in (16 32) do command`. */
  private loop(): void {
    const range = this.tokens[this.at]?.range ?? { start: 0, end: 0 };
    const head = this.words();
    const variable = head.map(plain).find((text) => text.startsWith('%'));
    const values: string[] = [];
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      values.push(...this.words().map(plain));
      if (this.isMark(this.at, ')')) this.at += 1;
    }
    if (variable) {
      const name = variable.replaceAll('%', '');
      const lock = loopLock(name, head.length === 3 ? values : [], this.script.lineAt(range.start));
      this.assignments.fill(`%${name}`, range, { kind: 'unknown', lock });
    }
    if (this.isWord(this.at, 'do')) this.at += 1;
    this.guarded('loop');
  }

  private set(words: readonly WordToken[]): void {
    const [second, last] = [words[1], words.at(-1)];
    if (!second || !last || /^\/[ap]$/i.test(plain(second))) return;
    const from = second.range.start;
    const source = this.script.source.slice(from, last.range.end);
    // A blank before the sign belongs to the name.
    const match = /^("?)([^="]+)=([\s\S]*?)$/.exec(source);
    if (!match) return;
    const [, quote = '', name = '', rest = ''] = match;
    // The quotes around the whole are not part of the value, nor is what stands behind them.
    const value = (quote ? rest.replace(/"[^"]*$/, '') : rest).trimEnd();
    const start = from + source.length - rest.length;
    const lead = value.length - value.trimStart().length;
    const { found } = segmentsIn(this.script.source, start + lead, start + value.length);
    const held: Held = { kind: 'text', pieces: expandValue(partsOf(found, this.line), this.scope, MANNER) };
    const nameRange = { start: from + quote.length, end: from + quote.length + name.length };
    // The names of variables have no case.
    this.assignments.assign(name.toUpperCase(), nameRange, held, { append: false, isPlain: true });
  }
}
