import type { Range } from '../../reading';
import { expandWord } from '../script/expand';
import { Mentions, type Naming } from '../script/mentions';
import { powershellLexemes } from './lexer';
import { placesIn } from './places';
import { asList, Cursor, valueAt } from './values';
import { joinedByCommas, EXPANSION_RULES, partsOf, plainText, type WordLexeme } from './words';
import { ScriptScope } from '../script/scope';
import { Script } from '../script/script';
import type { Parsed } from '../tree';
import { EXPRESSION, type VariableValue } from '../script/variables';
import { wordOf, type Word } from '../script/words';

/**
 * Parse a PowerShell script: one root for each command with flags, and a last one for the script's
 * variables. Never throws, and never runs anything.
 */
export function parsePowershell(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, programs);
  new PowershellReader(script, new Cursor(powershellLexemes(source))).run();
  return { ok: true, roots: script.roots() };
}

/** `$Alpha`, `${script:Alpha}` and `@Alpha`; a bare name behind commands that take one (`Set-Variable`). */
const NAMING: Naming = {
  sign: /[$@]\{?(?:\w{1,20}:)?$/,
  bare: /-Variable\b|\bgv\b|\bvariable:/i,
  unnamed: /(?<!activate)\.ps1\b/i,
  comment: /(?:^|\s)#[^$]{0,300}$/,
  isCaseless: true,
};

/** What stands before a block in braces. */
const BLOCK = /^(?:if|else|elseif|try|catch|finally|begin|process|end|foreach|for|while|do|switch|function|filter)$/;

class PowershellReader {
  private readonly scope: ScriptScope;

  constructor(
    private readonly script: Script,
    private readonly cursor: Cursor,
  ) {
    const places = placesIn(script.source, (offset) => script.lineAt(offset));
    this.scope = new ScriptScope(script, places, new Mentions(script, NAMING));
  }

  /** All statements; those in brackets may not run, may run again, or belong to a function. */
  run(): void {
    let depth = 0;
    for (let { lexeme } = this.cursor; lexeme; { lexeme } = this.cursor) {
      if (lexeme.kind === 'mark') {
        if (/^@?[({]$/.test(lexeme.text)) depth += 1;
        else if (/^[)}]$/.test(lexeme.text)) depth = Math.max(0, depth - 1);
        this.cursor.at += 1;
      } else if (depth === 0) this.statement(lexeme);
      else {
        const [word, { start }] = [lexeme, lexeme.range];
        // What may set any variable makes all of them unknown everywhere.
        this.scope.block({ start, end: start }, () => this.statement(word), true);
      }
    }
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
    } else if (BLOCK.test(text)) this.cursor.skipTo('{');
    // `param([int]$rank = 16)`: defaults that the caller may override.
    else if (text === 'param' && mark === '(') this.cursor.at = this.cursor.closing() + 1;
    else this.command();
  }

  private assign(name: string, { start, end }: Range, closing: string | null = null): void {
    this.scope.assign(name, { start: start + 1, end }, () => {
      const held = valueAt(this.cursor, this.scope, closing);
      return isCommandWord(held) ? { kind: 'unknown', lock: EXPRESSION } : held;
    });
    if (closing !== null && this.cursor.mark() === closing) this.cursor.at += 1;
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
          const { start: from } = lexeme.range;
          this.cursor.at += 1;
          const held = valueAt(this.cursor, this.scope, ')');
          const list = asList(held);
          const range = { start: from, end: this.cursor.lexeme?.range.end ?? from + 1 };
          if (list.kind === 'list' && !isCommandWord(held)) words.push(...list.words);
          else words.push(wordOf([{ text: null, range, exact: false, quoted: false, lock: EXPRESSION }]));
        } else if (lexeme.text !== ',' && !/^\d>&\d$/.test(lexeme.text)) break;
      } else {
        const joined = joinedByCommas(this.cursor.lexemes, this.cursor.at);
        const own = joined ?? lexeme;
        words.push(...expandWord(own.range, partsOf(own, this.scope), this.scope, EXPANSION_RULES));
        while (joined && (this.cursor.lexeme?.range.end ?? joined.range.end) < joined.range.end) this.cursor.at += 1;
      }
      end = this.cursor.lexeme?.range.end ?? end;
    }
    this.script.run(words, { start, end });
  }
}

/** `$a = Read-Host`: a bare word after `=` is a command, and its output is the value. */
function isCommandWord(held: VariableValue): boolean {
  const [first] = held.kind === 'text' ? held.pieces : [];
  return first?.quoted === false && first.lock === null && /^[A-Za-z_]/.test(first.text ?? '');
}
