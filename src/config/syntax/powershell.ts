import { asList } from './powershell/elements';
import { powershellLexemes, type Lexeme } from './powershell/lexer';
import { Cursor, plainText, valueAt, type WordLexeme } from './powershell/values';
import { ARGS, expandParts, joinedByCommas } from './powershell/words';
import { Mentions, type Naming } from './mentions';
import { Script } from './script';
import type { Parsed } from './tree';
import { appended, changing, loopLock, Scope, type Held, type Variable } from './variables';
import { textOf, type Word } from './words';

/**
 * Parse a PowerShell script: every command with flags is a root of its own, and a last one holds the script's
 * variables. Never throws, and never runs anything.
 */
export function parsePowershell(source: string): Parsed {
  const script = new Script(source);
  new PowershellReader(script, new Cursor(powershellLexemes(source))).block(new Scope(), null);
  return { ok: true, roots: script.roots() };
}

/** Deeper nesting is no script that anybody wrote. */
const MAX_DEPTH = 100;

/** Whatever may set any variable: `. .\\settings.ps1`, `Invoke-Expression`, `Set-Variable`, a reference. */
const ANYTHING =
  /(?:^|[;{\n])[ \t]*\.[ \t]+\S|\b(?:Invoke-Expression|iex|Set-Variable|New-Variable|sv|nv)\b|\[ref\]|-OutVariable\b/i;
/** Dot-sourced scripts that set up an environment: `. .\\venv\\Scripts\\activate.ps1`. */
const SETS_UP = /^[ \t]*\.[ \t]+\S{0,300}\bactivate(?:\.ps1)?[ \t]*$/gim;
/** `$a *= 2`, `$a++`, `$script:a = 3`, `$a, $b = 3, 4`. */
const UNSEEN =
  /\$(\w+)\s*[-*/%]=|\$(\w+)(?:\+\+|--)|(?:\+\+|--)\$(\w+)|\$(?:script|global|local|private):(\w+)\s*\+?=|\$(\w+)(?=\s*,[^=\n]{0,200}=)|,\s*\$(\w+)\s*=/gi;
const ASSIGNED = /\$(?:\w+:)?(\w+)\s*[-+*/%]?=/g;

/** `$Alpha`, `${script:Alpha}` and `@Alpha`; a bare name behind commands that take one (`Set-Variable`). */
const NAMING: Naming = {
  sign: /[$@]\{?(?:\w{1,20}:)?$/,
  bare: /-Variable\b|\bgv\b|\bvariable:/i,
  unnamed: /(?<!activate)\.ps1\b/i,
  comment: /(?:^|\s)#[^$]{0,300}$/,
  shows: /^\s{0,300}Write-Host\b(?!.{0,300}\$\()[^|>;]{0,300}$/i,
  isCaseless: true,
};

/** The names that the groups of a pattern find. */
function namesIn(source: string, pattern: RegExp): string[] {
  return [...source.matchAll(pattern)].flatMap(([, ...groups]) =>
    groups.filter((name) => name !== undefined).map((name) => name.toLowerCase()),
  );
}

class PowershellReader {
  private depth = 0;
  /** Variables that are also set in ways that are not followed; all, where anything may be set. */
  private readonly unseen: ReadonlySet<string> | 'all';
  /** Variables that are assigned in more than one place. */
  private readonly repeated: ReadonlySet<string>;
  private readonly mentions: Mentions;

  constructor(
    private readonly script: Script,
    private readonly cursor: Cursor,
  ) {
    const { source } = script;
    this.unseen = ANYTHING.test(source.replace(SETS_UP, '')) ? 'all' : new Set(namesIn(source, UNSEEN));
    const names = namesIn(source, ASSIGNED).toSorted();
    this.repeated = new Set(names.filter((name, i) => name === names[i + 1]));
    this.mentions = new Mentions(script, NAMING);
  }

  private isUnseen(name: string): boolean {
    return this.unseen === 'all' || this.unseen.has(name.toLowerCase());
  }

  /** Statements up to `closing`, or to the end. */
  block(scope: Scope, closing: '}' | ')' | null): void {
    while (this.cursor.at < this.cursor.lexemes.length) {
      const lexeme = this.cursor.lexemes[this.cursor.at];
      if (lexeme?.kind === 'word') this.statement(lexeme, scope);
      else {
        this.cursor.at += 1;
        if (lexeme?.text === closing) return;
        if (lexeme?.text === '{' || lexeme?.text === '(' || lexeme?.text === '@(') {
          this.inner(scope, lexeme.text === '{' ? '}' : ')');
        }
      }
    }
  }

  private inner(scope: Scope, closing: '}' | ')'): void {
    if (this.depth >= MAX_DEPTH) return;
    this.depth += 1;
    this.block(scope, closing);
    this.depth -= 1;
  }

  private statement(word: WordLexeme, scope: Scope): void {
    const text = plainText(word).toLowerCase();
    const [first, member] = word.parts;
    const isVariable = first?.kind === 'variable' && !member;
    if (isVariable && (this.cursor.mark(1) === '=' || this.cursor.mark(1) === '+=')) {
      const isMore = this.cursor.mark(1) === '+=';
      this.cursor.at += 2;
      const before = isMore ? scope.get(first.text)?.held : undefined;
      this.assign(first.text, word, more(before, valueAt(this.cursor, scope)), scope, !isMore);
      return;
    }
    const added = first?.kind === 'expression' && !member ? /^\$(\w+)\.add(?:range)?$/i.exec(first.text) : null;
    if (added?.[1] && this.cursor.mark(1) === '(') {
      this.cursor.at += 2;
      const held = valueAt(this.cursor, scope, ')');
      if (this.cursor.mark() === ')') this.cursor.at += 1;
      const name = added[1].toLowerCase();
      this.assign(name, word, appended(scope.get(name)?.held, asList(held)), scope, false);
      return;
    }
    if (text === 'foreach' || text === 'for' || text === 'while' || text === 'switch') this.loop(text, scope);
    else if (text === 'function' || text === 'filter') {
      this.cursor.at += 2;
      this.cursor.skipTo('{');
      const inside = scope.insideFunction((name) => !this.repeated.has(name));
      inside.forget([ARGS]);
      this.inner(inside, '}');
    } else if (text === 'param') {
      this.cursor.at += 1;
      if (this.cursor.mark() === '(') {
        this.cursor.at += 1;
        this.parameters(scope);
      }
    } else if (/^(?:if|else|elseif|try|catch|finally|do|begin|process|end)$/.test(text)) {
      this.cursor.at += 1;
      this.cursor.skipTo('{');
      this.guarded(scope);
    } else this.command(scope);
  }

  private assign(name: string, { range }: Lexeme, held: Held, scope: Scope, isNew: boolean): void {
    const own = this.isUnseen(name) || isCommandWord(held) ? changing(`$${name}`) : held;
    const literal =
      isNew && !this.repeated.has(name.toLowerCase()) ? this.mentions.literal(name, range.start + 1, own) : undefined;
    const line = this.script.lineAt(range.start);
    const variable: Variable = { name, held: own, line, nameRange: range, ...(literal && { literal }) };
    scope.set(variable);
    if (isNew) this.script.assigned({ ...variable, name: this.script.source.slice(range.start + 1, range.end) });
  }

  /** `param([int]$rank = 16)`: defaults, which the caller may replace. */
  private parameters(scope: Scope): void {
    for (; this.cursor.at < this.cursor.lexemes.length && this.cursor.mark() !== ')'; this.cursor.at += 1) {
      const lexeme = this.cursor.lexemes[this.cursor.at];
      const [name] = lexeme?.kind === 'word' ? lexeme.parts : [];
      if (name?.kind !== 'variable' || !lexeme) continue;
      const message = `This value is the parameter $${name.text}, which is only known when the script is called.`;
      const held: Held = { kind: 'unknown', lock: { code: 'reference', message } };
      scope.set({
        name: name.text,
        held,
        line: this.script.lineAt(lexeme.range.start),
        nameRange: lexeme.range,
      });
    }
    this.cursor.at += 1;
  }

  private guarded(scope: Scope): void {
    const branch = scope.fork();
    this.inner(branch, '}');
    scope.merge([scope, branch]);
  }

  private loop(kind: string, scope: Scope): void {
    const branch = scope.fork();
    const start = this.cursor.lexemes[this.cursor.at];
    branch.forget(this.assignedInBody());
    this.cursor.at += 1;
    const name = this.cursor.lexemes[this.cursor.at + 1];
    const variable = name?.kind === 'word' ? name.parts[0] : undefined;
    if (kind === 'foreach' && this.cursor.mark() === '(' && name && variable?.kind === 'variable') {
      this.cursor.at += 3;
      const held = asList(valueAt(this.cursor, scope, ')'));
      const texts = held.kind === 'list' ? held.words.map(textOf) : [];
      const known = texts.flatMap((text) => (text === null ? [] : [text]));
      const line = this.script.lineAt(start?.range.start ?? 0);
      const lock = loopLock(`$${variable.text}`, known.length === texts.length ? known : [], line);
      branch.set({ name: variable.text, held: { kind: 'unknown', lock }, line, nameRange: name.range });
    }
    this.cursor.skipTo('{');
    this.inner(branch, '}');
    scope.merge([scope, branch]);
  }

  /** What a block sets that begins behind the cursor: the next time around, it holds before. */
  private assignedInBody(): string[] {
    let depth = 0;
    const from = this.cursor.lexemes[this.cursor.at]?.range.start ?? 0;
    let end = from;
    for (let at = this.cursor.at; at < this.cursor.lexemes.length; at += 1) {
      const lexeme = this.cursor.lexemes[at];
      end = lexeme?.range.end ?? end;
      if (lexeme?.kind !== 'mark') continue;
      if (lexeme.text === '{') depth += 1;
      if (lexeme.text === '}' && (depth -= 1) <= 0) break;
    }
    return namesIn(this.script.source.slice(from, end), ASSIGNED);
  }

  /** A command with its words, up to the end of its line; `&` and what is redirected are left out. */
  private command(scope: Scope): void {
    const words: Word[] = [];
    const start = this.cursor.lexemes[this.cursor.at]?.range.start ?? 0;
    let end = start;
    for (; this.cursor.at < this.cursor.lexemes.length; this.cursor.at += 1) {
      const lexeme = this.cursor.lexemes[this.cursor.at];
      if (!lexeme) break;
      if (lexeme.kind === 'mark') {
        if (/^\d?>+$/.test(lexeme.text)) this.cursor.at += 1;
        else if (lexeme.text === '(' || lexeme.text === '@(') {
          this.cursor.at += 1;
          const held = asList(valueAt(this.cursor, scope, ')'));
          if (held.kind === 'list') words.push(...held.words);
        } else if (lexeme.text !== ',' && !/^\d>&\d$/.test(lexeme.text)) break;
      } else {
        const joined = joinedByCommas(this.cursor.lexemes, this.cursor.at);
        words.push(...expandParts(joined ?? lexeme, scope));
        while (joined && (this.cursor.lexemes[this.cursor.at]?.range.end ?? joined.range.end) < joined.range.end) {
          this.cursor.at += 1;
        }
      }
      end = this.cursor.lexemes[this.cursor.at]?.range.end ?? end;
    }
    // A pipe, a bracket or a block goes on with something else.
    if (this.cursor.mark() === '{') {
      this.cursor.at += 1;
      this.guarded(scope);
    }
    this.script.run(words, { start, end });
  }
}

/** An array gets an element, a text more of it. */
function more(before: Held | undefined, added: Held): Held {
  return appended(before, before?.kind === 'list' ? asList(added) : added);
}

/** `$a = Read-Host`: a bare word behind `=` is a command, whose output is the value. */
function isCommandWord(held: Held): boolean {
  const [first] = held.kind === 'text' ? held.pieces : [];
  return first?.quoted === false && first.lock === null && /^[A-Za-z_]/.test(first.text ?? '');
}
