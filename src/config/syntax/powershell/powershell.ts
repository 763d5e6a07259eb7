import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { expandWord } from '../script/expand';
import { Mentions, type Naming } from '../script/mentions';
import { powershellLexemes } from './lexer';
import { placesIn } from './places';
import { asList, Cursor, valueAt } from './values';
import { joinedByCommas, EXPANSION_RULES, partsOf, plainText, type WordLexeme } from './words';
import { Scope } from '../script/scope';
import { Script } from '../script/script';
import type { Parsed } from '../tree';
import { EXPRESSION, type VariableValue } from '../script/variables';
import type { Word } from '../script/words';

/**
 * Parse a PowerShell script: one root for each command with flags, and a last one for the script's
 * variables. Never throws, and never runs anything.
 */
export function parsePowershell(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, programs);
  new PowershellReader(script, new Cursor(powershellLexemes(source))).statements(null);
  return { ok: true, roots: script.roots() };
}

/** No real script is nested deeper. */
const MAX_DEPTH = 100;

/** `$Alpha`, `${script:Alpha}` and `@Alpha`; a bare name behind commands that take one (`Set-Variable`). */
const NAMING: Naming = {
  sign: /[$@]\{?(?:\w{1,20}:)?$/,
  bare: /-Variable\b|\bgv\b|\bvariable:/i,
  unnamed: /(?<!activate)\.ps1\b/i,
  comment: /(?:^|\s)#[^$]{0,300}$/,
  isCaseless: true,
};

const BLOCK = /^(?:if|else|elseif|try|catch|finally|begin|process|end|foreach|for|while|do|switch)$/;

class PowershellReader {
  private depth = 0;
  private readonly scope: Scope;

  constructor(
    private readonly script: Script,
    private readonly cursor: Cursor,
  ) {
    const places = placesIn(script.source, (offset) => script.lineAt(offset));
    this.scope = new Scope(script, places, new Mentions(script, NAMING));
  }

  /** Statements up to `closing`, or to the end. */
  statements(closing: '}' | ')' | null): void {
    while (this.cursor.at < this.cursor.lexemes.length) {
      const { lexeme } = this.cursor;
      if (lexeme?.kind === 'word') this.statement(lexeme);
      else {
        this.cursor.at += 1;
        if (lexeme?.text === closing) return;
        if (lexeme?.text === '{' || lexeme?.text === '(' || lexeme?.text === '@(') {
          this.inner(lexeme.text === '{' ? '}' : ')');
        }
      }
    }
  }

  private inner(closing: '}' | ')'): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth += 1;
    this.statements(closing);
    this.depth -= 1;
  }

  private statement(word: WordLexeme): void {
    const text = plainText(word).toLowerCase();
    const [first, member] = word.parts;
    const mark = this.cursor.mark(1);
    if (first?.kind === 'variable' && !member && (mark === '=' || mark === '+=')) {
      this.cursor.at += 2;
      this.assign(first.text, word.range);
      return;
    }
    const added = first?.kind === 'expression' && !member ? /^\$(\w+)\.add(?:range)?$/i.exec(first.text) : null;
    if (added?.[1] && mark === '(') {
      this.cursor.at += 2;
      const { start } = word.range;
      this.assign(added[1].toLowerCase(), { start, end: start + 1 + added[1].length }, ')');
    } else if (BLOCK.test(text)) this.guarded(text === 'foreach');
    else if (text === 'function' || text === 'filter') this.guarded(false, true);
    else if (text === 'param' && mark === '(') {
      this.cursor.at += 2;
      this.parameters();
    } else this.command();
  }

  private assign(name: string, { start, end }: Range, closing: string | null = null): void {
    this.scope.assign(name, { start: start + 1, end }, () => {
      const held = valueAt(this.cursor, this.scope, closing);
      return isCommandWord(held) ? { kind: 'unknown', lock: EXPRESSION } : held;
    });
    if (closing !== null && this.cursor.mark() === closing) this.cursor.at += 1;
  }

  /** `param([int]$rank = 16)`: defaults that the caller may override. */
  private parameters(): void {
    for (; this.cursor.at < this.cursor.lexemes.length && this.cursor.mark() !== ')'; this.cursor.at += 1) {
      const { lexeme } = this.cursor;
      const [name] = lexeme?.kind === 'word' ? lexeme.parts : [];
      if (name?.kind !== 'variable' || !lexeme) continue;
      const message = l10n.t`This value is the parameter $${name.text} of the script, so it is not in this file.`;
      this.scope.parameter(name.text, lexeme.range, { code: 'reference', message });
    }
    this.cursor.at += 1;
  }

  /** A keyword and its block in braces. */
  private guarded(isForEach = false, isFunction = false): void {
    const { at } = this.cursor;
    const start = this.cursor.lexeme?.range.start ?? 0;
    const read = (): void => {
      if (isForEach) this.forEach(at + 1);
      this.cursor.at = at;
      this.cursor.skipTo('{');
      this.inner('}');
    };
    // What may set any variable makes all of them unknown everywhere.
    this.scope.block({ start, end: start }, read, isFunction);
  }

  /** `foreach ($rank in 16, 32)`. */
  private forEach(at: number): void {
    const name = this.cursor.lexemes[at + 1];
    const variable = name?.kind === 'word' ? name.parts[0] : undefined;
    this.cursor.at = at;
    if (this.cursor.mark() !== '(' || !name || variable?.kind !== 'variable') return;
    this.cursor.at += 3;
    const held = asList(valueAt(this.cursor, this.scope, ')'));
    this.scope.loop(variable.text, name.range, held.kind === 'list' ? held.words : [], `$${variable.text}`);
  }

  /** A command with its words, up to the end of its line, without `&` and redirections. */
  private command(): void {
    const words: Word[] = [];
    const start = this.cursor.lexeme?.range.start ?? 0;
    let end = start;
    for (; this.cursor.at < this.cursor.lexemes.length; this.cursor.at += 1) {
      const { lexeme } = this.cursor;
      if (!lexeme) break;
      if (lexeme.kind === 'mark') {
        if (/^\d?>+$/.test(lexeme.text)) this.cursor.at += 1;
        else if (lexeme.text === '(' || lexeme.text === '@(') {
          this.cursor.at += 1;
          const held = asList(valueAt(this.cursor, this.scope, ')'));
          if (held.kind === 'list') words.push(...held.words);
        } else if (lexeme.text !== ',' && !/^\d>&\d$/.test(lexeme.text)) break;
      } else {
        const joined = joinedByCommas(this.cursor.lexemes, this.cursor.at);
        const own = joined ?? lexeme;
        words.push(...expandWord(own.range, partsOf(own, this.scope), this.scope, EXPANSION_RULES));
        while (joined && (this.cursor.lexeme?.range.end ?? joined.range.end) < joined.range.end) this.cursor.at += 1;
      }
      end = this.cursor.lexeme?.range.end ?? end;
    }
    // `… | ForEach-Object { … }`
    if (this.cursor.mark() === '{') this.guarded();
    this.script.run(words, { start, end });
  }
}

/** `$a = Read-Host`: a bare word after `=` is a command, and its output is the value. */
function isCommandWord(held: VariableValue): boolean {
  const [first] = held.kind === 'text' ? held.pieces : [];
  return first?.quoted === false && first.lock === null && /^[A-Za-z_]/.test(first.text ?? '');
}
