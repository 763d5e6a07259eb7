import type { Range } from '../../reading';
import type { Parsed } from '../tree';
import { argumentLock, EXPRESSION, SCRIPT_ARGUMENTS, unsetLock } from './locks';
import { Assigners, Script, type Held, type Naming } from './script';
import { unknownPiece, type Piece, type Word } from './words';

const BLANK = /(?:[ \t\u00A0\uFEFF]|`\r?\n|#[^\r\n]*|<#[\s\S]*?(?:#>|$))+/y;
/** What stands between statements, and before a block. */
const BETWEEN =
  /\r?\n|[;|,\]=<>]|(?:if|else|elseif|try|catch|finally|begin|process|end|foreach|for|while|do|switch|function|filter)\b[^{\r\n]*/iy;
const ASSIGNMENT = /\$(\w+(?::\w+)?)[ \t]*=(?!=)[ \t]*/y;
const VARIABLE = /\$(?:\{([^}\r\n]{1,100})\}|(\w+(?::\w+)?))/y;
/** A variable that is a whole word. `@list` gives a command the words of a list, as `$list` does for a program. */
const ALONE = /(?:\$\{([^}\r\n]{1,100})\}|[$@](\w+(?::\w+)?))(?=[\s,;|)}]|$)/y;
/** A member of a variable, a text on several lines, an escape, a text without an end, or a lone `$`. */
const UNKNOWN =
  /\$\w+(?::\w+)?(?:\.\w+|\[[^\]\r\n]*\])+|@(["'])[ \t]*\r?\n(?:[\s\S]*?\r?\n\1@|[\s\S]*)|`[\s\S]?|["'][\s\S]*|\$(?![\w{(])/y;
const TEXT = /"([^"`]*)"(?!")|'([^']*)'(?!')/y;
const ESCAPED_TEXT = /"(?:[^"`]|`[\s\S]|"")*"|'(?:[^']|'')*'/y;
/** Without a space, a comma belongs to the word: `betas=0.9,0.99`. */
const BARE = /[^\s"'`$(){},;|&<>]+(?:,[^\s"'`$(){},;|&<>]+)*/y;

/** `$Alpha`, `${script:Alpha}` and `@Alpha`; a bare name behind commands that take one (`Set-Variable`). */
const NAMING: Naming = {
  sign: /[$@]\{?(?:\w{1,20}:)?$/,
  bare: /-Variable\b|\bgv\b|\bvariable:/i,
  unnamed: /(?<!activate)\.ps1\b/i,
};
/** Code that may set any variable: `. .\\settings.ps1`, `Invoke-Expression`, `Set-Variable`, parameters, a reference. */
const ANYTHING =
  /(?<![^;{\n])[ \t]*\.[ \t]+(?!\S{0,300}\bactivate(?:\.ps1)?[ \t\r]*(?:\n|$))\S|\b(?:Invoke-Expression|iex|Set-Variable|New-Variable|sv|nv)\b|\[ref\]|-OutVariable\b|\bparam\s*\(|(?<![^;{\n])[ \t]{0,99}(?:function|filter)\s/i;
/** `$a = 2`, `$a += 2`, `$a++`, `$a.Add(2)`, `$a[0] = 2`, `$a, $b = 3, 4`, `foreach ($a in …)`. */
const ASSIGNED =
  /(\+\+|--)?\$(?:(?:script|global|local|private):)?((?:env:)?\w+)(\s*(?:[-+*/%]?=(?!=)|\+\+|--(?!\w)|\.\w+[ \t]*[(=]|\[[^\]\n]{0,100}\]\s*[-+*/%]?=|(?=,[^=\n]{0,200}=)|in\b))?/gi;
/** An assignment of flags, or of a list on several lines. */
const FLAGS = /[\s"'(]--?[A-Za-z]|[(,`]\s*$/;

/**
 * Parse a PowerShell script: one root for each command with flags, and a last one for its variables. Only literal flags,
 * and variables that are assigned one text or number, are followed; everything else is unknown.
 */
export function parsePowershell(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, assignersIn(source), NAMING, programs);
  new PowershellReader(script).run();
  return script.parsed();
}

function assignersIn(source: string): Assigners {
  const found = new Assigners();
  found.anything = ANYTHING.exec(source)?.index ?? null;
  for (const { 1: before, 2: own = '', 3: after, index } of source.matchAll(ASSIGNED)) {
    if (before === undefined && after === undefined) continue;
    found.add(own.toLowerCase(), index);
    const statement = /[^\n;{}]*/y;
    statement.lastIndex = index;
    if (FLAGS.test(statement.exec(source)?.[0] ?? '')) found.withFlags.add(own.toLowerCase());
  }
  return found;
}

class PowershellReader {
  private at = 0;
  private readonly source: string;

  constructor(private readonly script: Script) {
    this.source = script.source;
  }

  /** All statements. Those in brackets may not run, may run again, or belong to a function. */
  run(): void {
    let depth = 0;
    while (this.at < this.source.length) {
      if (this.take(BLANK) ?? this.take(BETWEEN)) continue;
      const bracket = this.take(/@?[({]|[)}]/y)?.[0];
      if (bracket) depth = Math.max(0, depth + (/[)}]/.test(bracket) ? -1 : 1));
      else if (depth === 0) this.statement();
      else this.script.block(() => this.statement(), true);
    }
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  private statement(): void {
    const start = this.at;
    const isCall = this.take(/&+[ \t]*/y) !== null;
    const [, name] = this.take(ASSIGNMENT) ?? [];
    // An expression starts with a variable, a text, or a type.
    if (name === undefined) this.command(isCall || !/["'$[]/.test(this.source[start] ?? ''));
    else this.script.assign(keyOf(name), { start: start + 1, end: start + 1 + name.length }, () => this.value());
  }

  /** A text, a number or a variable. Anything else is unknown, and read as a command: `$log = accelerate launch …`. */
  private value(): Held {
    const start = this.at;
    const word = /["'$\d.]/.test(this.source[start] ?? '') ? this.word() : null;
    const isWhole = this.take(/[ \t]*(?=[\r\n;}#]|$)/y) !== null;
    if (word && isWhole && !this.source.slice(start, this.at).includes(',')) return { words: [word], isList: false };
    this.at = start;
    return { lock: EXPRESSION };
  }

  /** A command with its words, up to the end of its line, without redirections. */
  private command(isRun: boolean): void {
    const start = this.at;
    let end = start;
    const words: Word[] = [];
    for (;;) {
      this.take(BLANK);
      // Commas make an array, whose words a program gets one by one.
      if (this.take(/,|\d?>&\d/y)) continue;
      const from = this.at;
      const isRedirection = this.take(/\d?>{1,2}[ \t]*|</y) !== null;
      const word = this.word();
      if (this.at === from) break;
      end = this.at;
      if (word && !isRedirection) words.push(word);
    }
    if (isRun) this.script.run(words, { start, end });
    if (this.at === start) this.at += 1;
  }

  /** The word that a program gets for what is here; null if none begins here. */
  private word(): Word | null {
    const start = this.at;
    const alone = this.take(ALONE) ?? undefined;
    const pieces = alone ? this.reference(alone, start, false) : [];
    for (let own = alone ? null : this.pieces(); own; own = this.pieces()) pieces.push(...own);
    return pieces.length === 0 ? null : { range: { start, end: this.at }, pieces };
  }

  /** The text, the variable or the expression here. */
  private pieces(): Piece[] | null {
    const start = this.at;
    const text = this.take(TEXT);
    if (text?.[1]?.includes('$(') === false) return this.within(text[1], start + 1);
    if (text?.[2] !== undefined) return [this.literal(start + 1, this.at - 1)];
    if (text ?? this.take(ESCAPED_TEXT) ?? this.take(UNKNOWN)) return [unknownPiece(this.since(start), EXPRESSION)];
    if (this.take(/[$@]?(?=\()/y)) {
      let depth = 0;
      do {
        const letter = this.source[this.at];
        depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
        this.at += 1;
      } while (depth > 0 && this.at < this.source.length);
      return [unknownPiece(this.since(start), EXPRESSION)];
    }
    if (this.take(BARE)) return [this.literal(start, this.at)];
    const variable = this.take(VARIABLE);
    return variable && this.reference(variable, start, true);
  }

  /** The text and the variables within double quotes. */
  private within(inner: string, from: number): Piece[] {
    if (inner === '') return [this.literal(from, from)];
    return [...inner.matchAll(/\$(?:\{([^}${]{1,100})\}|(\w+(?::\w+)?))|[^$]+|\$/g)].flatMap((match) => {
      const start = from + match.index;
      const isName = (match[1] ?? match[2]) !== undefined;
      return isName ? this.reference(match, start, true) : [this.literal(start, start + match[0].length)];
    });
  }

  private since(start: number): Range {
    return { start, end: this.at };
  }

  private literal(start: number, end: number): Piece {
    return { text: this.source.slice(start, end), range: { start, end }, lock: null };
  }

  private reference([shown, braced, plain]: RegExpExecArray, start: number, quoted: boolean): Piece[] {
    const key = keyOf(braced ?? plain ?? '');
    const isArguments = key === 'args' && !this.script.isInFunction;
    const unset = isArguments ? { ...argumentLock(shown), code: SCRIPT_ARGUMENTS } : unsetLock(shown);
    return this.script.piecesOf(key, { start, end: start + shown.length }, quoted, unset);
  }
}

const keyOf = (name: string): string => name.toLowerCase().replace(/^(?:global|script|local|private):/, '');
