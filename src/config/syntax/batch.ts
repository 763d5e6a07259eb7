import { arithmetic, expand, valuePieces, withoutQuotes, type Expansion } from './batch/expand';
import { Jumps } from './batch/jumps';
import { mentionsIn } from './batch/mentions';
import { batchTokens, plain, type Token, type WordToken } from './batch/tokens';
import type { Mentions } from './mentions';
import { Script } from './script';
import type { Parsed } from './tree';
import { anythingLock, changing, loopLock, Scope, type Held, type Variable } from './variables';

/**
 * Parse a script for cmd.exe (`.bat`, `.cmd`): every command with flags is a root of its own, and a last one holds the
 * variables that `set` gives a value. Never throws, and never runs anything.
 */
export function parseBatch(source: string): Parsed {
  const script = new Script(source);
  new BatchReader(script, batchTokens(source)).run();
  return { ok: true, roots: script.roots() };
}

/** Deeper nesting is no script that anybody wrote. */
const MAX_DEPTH = 100;
/** Of a longer loop, everything behind its beginning counts as its body. */
const MAX_BODY = 2000;

class BatchReader {
  private at = 0;
  private depth = 0;
  /** The variables as they were when the line that runs was read; null where they are as they are now. */
  private asRead: Scope | null = null;
  private readonly jumps: Jumps;
  private readonly mentions: Mentions;
  private isDelayed = false;

  constructor(
    private readonly script: Script,
    private readonly tokens: readonly Token[],
  ) {
    this.jumps = new Jumps(tokens);
    this.mentions = mentionsIn(script);
  }

  /** The whole script. */
  run(): void {
    const scope = new Scope();
    if (this.jumps.callsLabels) scope.forget(['%*']);
    let isStart = true;
    while (this.at < this.tokens.length) {
      const token = this.tokens[this.at];
      if (token?.kind === 'label') this.jumps.arrive(token.text, this.at, scope);
      if (token?.kind === 'word' || this.isMark(this.at, '(')) {
        if (isStart) this.asRead = this.isCompound() ? scope.fork() : null;
        this.joined(scope);
      } else this.at += 1;
      isStart = this.isMark(this.at - 1, '\n') || this.tokens[this.at - 1]?.kind === 'label';
    }
  }

  /** Whether the line holds several commands, which are read before any of them runs. */
  private isCompound(): boolean {
    for (let at = this.at; at < this.tokens.length && !this.isMark(at, '\n'); at += 1) {
      const token = this.tokens[at];
      if (token?.kind === 'mark' && /^[(&|]/.test(token.text)) return true;
    }
    return false;
  }

  private expansion(scope: Scope): Expansion {
    return { scope, asRead: this.asRead ?? scope, isDelayed: this.isDelayed };
  }

  /** Commands up to the closing parenthesis, or to the end. */
  private block(scope: Scope): void {
    this.depth += 1;
    while (this.at < this.tokens.length) {
      if (this.isMark(this.at, ')')) break;
      const before = this.at;
      if (this.depth < MAX_DEPTH) this.joined(scope);
      if (this.at === before) this.at += 1;
    }
    this.at += 1;
    this.depth -= 1;
  }

  /** `a & b && c || d | e`, up to the end of the line or block; what follows another command may not run. */
  private joined(scope: Scope): void {
    let join = '&';
    let isSure = false;
    for (;;) {
      const isSet = this.isWord(this.at, 'set');
      const next = this.tokens[this.at];
      if (next?.kind !== 'word' && !this.isMark(this.at, '(')) return;
      if (join === '&' || (join === '&&' && isSure)) this.element(scope);
      else {
        const branch = this.jumps.fork(scope);
        this.element(branch);
        // What runs beside a pipe sets variables of its own.
        if (join !== '|') this.join(scope, [scope, branch]);
      }
      isSure = isSet;
      const mark = this.tokens[this.at];
      if (mark?.kind !== 'mark' || !/^[&|]/.test(mark.text)) return;
      join = mark.text;
      this.at += 1;
    }
  }

  private element(scope: Scope): void {
    if (this.isMark(this.at, '(')) {
      this.at += 1;
      this.block(scope);
    } else this.command(scope);
  }

  /** What holds after branches of which one ran; none that left for elsewhere. */
  private join(scope: Scope, branches: readonly Scope[]): void {
    const open = branches.filter((branch) => !this.jumps.hasLeft(branch));
    if (open.length > 0) scope.merge(open);
    else this.jumps.leave(scope);
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

  private isWord(at: number, text: string): boolean {
    const token = this.tokens[at];
    return token?.kind === 'word' && nameOf(token) === text;
  }

  private command(scope: Scope): void {
    const first = this.tokens[this.at];
    const name = first?.kind === 'word' ? nameOf(first) : '';
    if (name === 'if') {
      this.choice(scope);
      return;
    }
    if (name === 'for') {
      this.loop(scope);
      return;
    }
    if (name === 'else') {
      // Nothing that cmd would take, but it is clear what was meant.
      this.at += 1;
      const branch = this.jumps.fork(scope);
      this.body(branch);
      this.join(scope, [scope, branch]);
      return;
    }
    const words = this.words();
    if (name === 'setlocal') this.setlocal(words);
    // What was set since `setlocal` is gone.
    else if (name === 'endlocal') scope.forget(this.jumps.setBetween(-1, Infinity));
    else if (name === 'call' && callsScript(words)) {
      scope.forgetAll(anythingLock(this.script.lineAt(words[0]?.range.start ?? 0)));
    } else if (name === 'set') this.set(words, scope);
    else if (!this.jumps.follow(words.map(plain), this.at, scope) && words.length > 0) this.runs(words, scope);
  }

  /** `if a==b (…) else (…)`: either branch may run. */
  private choice(scope: Scope): void {
    this.at += this.conditionLength();
    const then = this.jumps.fork(scope);
    this.body(then);
    const otherwise = this.jumps.fork(scope);
    if (this.isWord(this.at, 'else')) {
      this.at += 1;
      this.body(otherwise);
    }
    this.join(scope, [then, otherwise]);
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

  /** What a condition or a loop guards: all commands up to the end of the line or block. */
  private body(scope: Scope): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth += 1;
    this.joined(scope);
    this.depth -= 1;
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
    const branch = this.jumps.fork(scope);
    branch.forget(this.jumps.setBetween(this.at, this.endOfBody()));
    if (variable) {
      const line = this.script.lineAt(range.start);
      const name = variable.replaceAll('%', '');
      const lock = loopLock(name, isPlain ? values : [], line);
      branch.set({ name: `%${name}`, held: { kind: 'unknown', lock }, line, nameRange: range });
    }
    const next = this.tokens[this.at];
    if (next?.kind === 'word' && plain(next).toLowerCase() === 'do') this.at += 1;
    this.body(branch);
    this.join(scope, [scope, branch]);
  }

  /** Where the body of a loop ends: at its closing parenthesis, or at the end of the line. */
  private endOfBody(): number {
    let depth = 0;
    for (let at = this.at; at < this.at + MAX_BODY; at += 1) {
      if (this.isMark(at, '(')) depth += 1;
      if (this.isMark(at, ')')) depth -= 1;
      if (depth <= 0 && this.isMark(at, '\n')) return at;
    }
    return Infinity;
  }

  private set(words: readonly WordToken[], scope: Scope): void {
    const [first, second] = words;
    const last = words.at(-1);
    if (!first || !second || !last) return;
    const isArithmetic = plain(second).toLowerCase() === '/a';
    const isAsked = plain(second).toLowerCase() === '/p';
    const from = (isArithmetic || isAsked ? words[2] : second)?.range.start ?? second.range.start;
    const source = this.script.source.slice(from, last.range.end);
    // A blank before the sign belongs to the name.
    const match = /^("?)([^="]+)=([\s\S]*?)$/.exec(source);
    if (!match) return;
    const [, quote = '', left = '', rest = ''] = match;
    const target = isArithmetic ? left.trimEnd() : left;
    const operator = isArithmetic ? (/[-+*/]$/.exec(target)?.[0] ?? '') : '';
    const name = operator === '' ? target : target.slice(0, -1).trimEnd();
    // The quotes around the whole are not part of the value, nor is what stands behind them.
    const value = quote ? rest.replace(/"[^"]*$/, '') : rest;
    const start = from + source.length - rest.length;
    const nameRange = { start: from + quote.length, end: from + quote.length + name.length };
    const line = this.script.lineAt(nameRange.start);
    const several = isArithmetic ? [...source.matchAll(/(?<!\w)(\w+)\s{0,20}(?:[-+*/%&|^]|<<|>>)?=/g)] : [];
    if (several.length > 1) scope.forget(several.map(([, own = '']) => own.toUpperCase()));
    const held: Held =
      isAsked || several.length > 1
        ? changing(name)
        : isArithmetic
          ? arithmetic(operator === '' ? value : `${name}${operator}${value}`, this.expansion(scope))
          : { kind: 'text', pieces: valuePieces(value, start, this.expansion(scope)) };
    const literal = this.mentions.isOnce(name)
      ? this.mentions.literal(name, nameRange.start, withoutQuotes(held))
      : undefined;
    const variable: Variable = { name: name.toUpperCase(), held, line, nameRange, ...(literal && { literal }) };
    scope.set(variable);
    this.script.assigned({ ...variable, name });
  }

  /** `setlocal enabledelayedexpansion`: from there on `!R!` is a variable. */
  private setlocal(words: readonly WordToken[]): void {
    const [, wanted] = /^(enable|disable)delayedexpansion$/i.exec(words.map(plain).at(-1) ?? '') ?? [];
    if (wanted !== undefined) this.isDelayed = wanted.toLowerCase() === 'enable';
  }

  private runs(words: readonly WordToken[], scope: Scope): void {
    const expanded = words.flatMap((word) => expand(word, this.expansion(scope)));
    const [first, last] = [words[0], words.at(-1)];
    if (!first || !last) return;
    this.script.run(expanded, { start: first.range.start, end: last.range.end });
  }
}

/** What a command is called: `@set` hides nothing but its line. */
function nameOf(token: WordToken): string {
  return plain(token).replace(/^@/, '').toLowerCase();
}

/** `call settings.bat` runs a script whose variables are these; `call conda activate` sets up an environment. */
function callsScript([, second]: readonly WordToken[]): boolean {
  const program = second ? plain(second) : '';
  return /\.(?:bat|cmd)$/i.test(program) && !/(?:^|[\\/])(?:activate|conda)\.bat$/i.test(program);
}
