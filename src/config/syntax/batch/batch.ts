import { EXPANSION_RULES, partsOf, type BatchContext } from './parts';
import { commandName, placesIn } from './places';
import { batchTokens, plain, segmentsIn, type BatchToken, type WordToken } from './tokens';
import { expandValue, expandWord } from '../script/expand';
import { Mentions, type Naming } from '../script/mentions';
import { ScriptScope } from '../script/scope';
import { Script } from '../script/script';
import type { Parsed } from '../tree';

/**
 * Parse a script for cmd.exe (`.bat`, `.cmd`): one root for each command with flags, and a last one for the
 * variables that `set` gives a value. Never throws, and never runs anything.
 */
export function parseBatch(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, programs);
  new BatchReader(script, batchTokens(source)).run();
  return { ok: true, roots: script.roots() };
}

/** `%ALPHA%` and `!ALPHA!`; a bare name in `set /a` and `if defined`. */
const NAMING: Naming = {
  sign: /[%!]$/,
  bare: /\bset\s{1,20}"?\/a|\bdefined\b/i,
  unnamed: /\bcall\s{1,20}(?:set\b|"?[^\s"]{1,300}(?<!activate|conda)\.(?:bat|cmd)\b)|!%|%!|%%%|'\s{0,20}set\b/i,
  comment: /^\s{0,300}@?(?:rem\b|::)/i,
  isCaseless: true,
};

/** Commands that change what is known after them. */
const INNER = /^(?:set|goto|exit|call|endlocal)(?![^:/])/;

class BatchReader {
  private at = 0;
  /** Whether a command before may jump: `goto train`. */
  private hasJumped = false;
  private readonly scope: ScriptScope;
  private readonly line: BatchContext;

  constructor(
    private readonly script: Script,
    private readonly tokens: readonly BatchToken[],
  ) {
    const { source } = script;
    this.scope = new ScriptScope(
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
    this.scope.block({ start: this.tokens[this.at]?.range.start ?? 0, end: Infinity }, () => {
      while (this.at < this.tokens.length && this.tokens[this.at]?.kind !== 'label') this.statement();
    });
  }

  /**
   * A line, up to the parenthesis that closes its last block. What stands in parentheses, after a command that may fail,
   * or after `if` and `for`, may not run.
   */
  private statement(): void {
    this.line.start = this.tokens[this.at]?.range.start ?? 0;
    let depth = 0;
    let [mayNotRun, mayRepeat] = [false, false];
    for (let token = this.tokens[this.at]; token; token = this.tokens[this.at]) {
      const words = token.kind === 'word' ? this.words() : [];
      const name = token.kind === 'word' ? commandName(token) : '';
      if (token.kind !== 'word') {
        this.at += 1;
        const mark = token.kind === 'mark' ? token.text : '';
        // `echo (` opens no block, so this label may be one that `goto` jumps back to.
        if (token.kind === 'label') mayRepeat = true;
        if (mark === '\n' && depth === 0) return;
        if (mark === '(') depth += 1;
        if (mark === ')') depth = Math.max(0, depth - 1);
        mayNotRun ||= /^(?:&&|\||\()/.test(mark);
      } else if (/^(?:if|else|for|do)$/.test(name)) {
        mayNotRun = true;
        mayRepeat ||= name === 'for';
        // `if %K%==a set R=8`: leave out the condition, which is no command.
        const inner = words.findIndex((word) => INNER.test(commandName(word)));
        const isCompared = (word: WordToken): boolean => plain(word).includes('==');
        this.uncertain(words.slice(inner === -1 ? Math.max(1, words.findLastIndex(isCompared) + 1) : inner), mayRepeat);
      } else if (mayNotRun) this.uncertain(words, mayRepeat);
      else this.command(words);
    }
  }

  /** @param mayRepeat whether commands after this one may run before it, up to the end of the script */
  private uncertain(words: readonly WordToken[], mayRepeat: boolean): void {
    const start = words[0]?.range.start ?? 0;
    this.scope.block({ start, end: mayRepeat ? Infinity : start }, () => {
      this.command(words);
    });
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
        const next = this.tokens[this.at + 1];
        if (next?.kind === 'mark' && next.text === '&') this.at += 1;
        if (this.tokens[this.at + 1]?.kind === 'word') this.at += 1;
      } else break;
    }
    return words;
  }

  private command(words: readonly WordToken[]): void {
    const [first, last] = [words[0], words.at(-1)];
    if (!first || !last) return;
    const name = commandName(first);
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
