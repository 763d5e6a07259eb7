import type { Parsed } from '../tree';
import { Assigners } from './assigners';
import { Scope, type Naming } from './scope';
import { Script } from './script';
import { EXPRESSION, scriptArgumentsLock, unsetLock, type VariableValue } from './variables';
import { unknownPiece, wordOf, type Piece, type Word } from './words';

const BLANK = /(?:[ \t\u00A0\uFEFF]|`\r?\n|#[^\r\n]*|<#[\s\S]*?(?:#>|$))+/y;
/** What stands between statements, and before a block. */
const BETWEEN =
  /\r?\n|[;|,\]=<>]|(?:if|else|elseif|try|catch|finally|begin|process|end|foreach|for|while|do|switch|function|filter)\b[^{\r\n]*/iy;
const ASSIGNMENT = /\$(\w+(?::\w+)?)[ \t]*=(?!=)[ \t]*/y;
const VARIABLE = /\$(?:\{([^}\r\n]+)\}|(\w+(?::\w+)?))/y;
/** A variable that is a whole word. `@list` gives a command the words of a list, as `$list` does for a program. */
const ALONE = /(?:\$(?:\{([^}\r\n]+)\}|(\w+(?::\w+)?))|@(\w+))(?=[\s,;|)}]|$)/y;
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
  isFirstOfList: false,
};

/** Code that may set any variable: `. .\\settings.ps1`, `Invoke-Expression`, `Set-Variable`, a reference. */
const ANYTHING =
  /(?<![^;{\n])[ \t]*\.[ \t]+(?!\S{0,300}\bactivate(?:\.ps1)?[ \t\r]*(?:\n|$))\S|\b(?:Invoke-Expression|iex|Set-Variable|New-Variable|sv|nv)\b|\[ref\]|-OutVariable\b/i;
/** `$a = 2`, `$a += 2`, `$a++`, `$a.Add(2)`, `$a[0] = 2`, `$a, $b = 3, 4`, `foreach ($a in …)`. */
const ASSIGNED =
  /\$(?:(?:script|global|local|private):)?((?:env:)?\w+)\s*(?:[-+*/%]?=(?!=)|\+\+|--(?!\w)|\.\w+[ \t]*[(=]|\[[^\]\n]{0,100}\]\s*[-+*/%]?=|(?=,[^=\n]{0,200}=))|(?:\+\+|--)\$(\w+)|\bforeach\s{0,20}\(\s{0,20}\$(\w+)/gi;
/** `param([int]$a = 1)`, `function Train($a)`: the caller gives these values. */
const PARAMETERS =
  /\b(?:param|(?:function|filter)\s{1,20}[\w:-]{1,100})\s{0,20}\(([^{}]{0,2000}?)\)\s{0,20}(?:[{;\n]|$)/gi;
/** An assignment of flags, or of a list on several lines. */
const FLAGS = /[\s"'(]--?[A-Za-z]|[(,`]\s*$/;

/**
 * Parse a PowerShell script: one root for each command with flags, and a last one for its variables. Only literal flags,
 * and variables that are assigned one text or one list of texts, are followed; everything else is unknown.
 */
export function parsePowershell(source: string, programs?: ReadonlySet<string>): Parsed {
  const script = new Script(source, programs);
  new PowershellReader(script, new Scope(script, assignersIn(source), NAMING)).run();
  return { ok: true, roots: script.roots() };
}

function assignersIn(source: string): Assigners {
  const found = new Assigners();
  const anything = ANYTHING.exec(source);
  if (anything) found.anything = anything.index;
  for (const match of source.matchAll(ASSIGNED)) {
    const name = (match[1] ?? match[2] ?? match[3] ?? '').toLowerCase();
    found.add(name, match.index);
    const statement = /[^\n;{}]*/y;
    statement.lastIndex = match.index;
    if (FLAGS.test(statement.exec(source)?.[0] ?? '')) found.withFlags.add(name);
  }
  for (const { 1: list = '', index } of source.matchAll(PARAMETERS)) {
    for (const [, name = ''] of list.matchAll(/\$(\w+)/g)) found.add(name.toLowerCase(), index);
  }
  return found;
}

class PowershellReader {
  private at = 0;
  private readonly source: string;

  constructor(
    private readonly script: Script,
    private readonly scope: Scope,
  ) {
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
      else this.scope.block(() => this.statement(), true);
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
    if (name === undefined) this.command(isCall || !/["'$[]/.test(this.source[start] ?? ''));
    else {
      const nameRange = { start: start + 1, end: start + 1 + name.length };
      this.scope.assign(keyOf(name), nameRange, () => this.value());
    }
  }

  /** A text, a number or a variable, or a list of them: `"--a", 16`, `@("--a=16")`. Anything else is unknown. */
  private value(): VariableValue {
    const start = this.at;
    const isList = this.take(/@\(\s*/y) !== null;
    const words: Word[] = [];
    do {
      words.push(...((/["'$\d.]/.test(this.source[this.at] ?? '') && this.word()) || []));
    } while (this.take(isList ? /[ \t\r]*[,\n]\s*/y : /[ \t]*,\s*/y));
    const end = this.take(isList ? /\s*\)[ \t]*/y : /[ \t]*/y);
    const isWhole = end !== null && /^(?:[\r\n;}#]|$)/.test(this.source[this.at] ?? '');
    const isNumbers = words.some(({ pieces }) => pieces.some(({ quoted, text }) => !quoted && text?.includes(',')));
    const [only, more] = words;
    if (isWhole && !isNumbers && (isList || more)) return { kind: 'list', words };
    if (isWhole && !isNumbers && only) return { kind: 'text', pieces: only.pieces };
    // What computes the value is read as a command: `$log = accelerate launch train.py`.
    this.at = start;
    return { kind: 'unknown', lock: EXPRESSION };
  }

  /**
   * A command with its words, up to the end of its line, without redirections.
   * @param runs whether it is a command; an expression starts with a variable, a text, or a type
   */
  private command(runs: boolean): void {
    const start = this.at;
    let end = start;
    const words: Word[] = [];
    for (;;) {
      this.take(BLANK);
      // Commas make an array, whose words a program gets one by one.
      if (this.take(/,|\d?>&\d/y)) continue;
      const from = this.at;
      const isRedirection = this.take(/\d?>{1,2}[ \t]*|</y) !== null;
      const isBracket = this.take(/@?(?=\()/y) !== null;
      if (isBracket) this.skipBracket();
      const own = isBracket ? [wordOf([unknownPiece({ start: from, end: this.at }, EXPRESSION)])] : (this.word() ?? []);
      if (this.at === from) break;
      end = this.at;
      if (!isRedirection) words.push(...own);
    }
    if (runs) this.script.run(words, { start, end });
    if (this.at === start) this.at += 1;
  }

  private skipBracket(): void {
    let depth = 0;
    do {
      const letter = this.source[this.at];
      depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
      this.at += 1;
    } while (depth > 0 && this.at < this.source.length);
  }

  /** The words that a program gets for the word here; null if none begins here. */
  private word(): Word[] | null {
    const start = this.at;
    const alone = this.take(ALONE);
    const name = alone?.[1] ?? alone?.[2] ?? alone?.[3] ?? '';
    const held = alone && this.scope.get(keyOf(name));
    if (held?.kind === 'list') return [...held.words];
    const pieces = alone ? this.reference(name, start, this.at, false) : [];
    for (let own = alone ? null : this.pieces(); own; own = this.pieces()) pieces.push(...own);
    return pieces.length === 0 ? null : [{ range: { start, end: this.at }, pieces }];
  }

  /** The text, the variable or the expression here. */
  private pieces(): Piece[] | null {
    const start = this.at;
    const text = this.take(TEXT);
    if (text?.[1]?.includes('$(') === false) return this.within(text[1], start + 1);
    if (text?.[2] !== undefined) return [this.literal(start + 1, this.at - 1, true)];
    if (text ?? this.take(ESCAPED_TEXT) ?? this.take(UNKNOWN))
      return [unknownPiece({ start, end: this.at }, EXPRESSION)];
    if (this.take(BARE)) return [this.literal(start, this.at, false)];
    const variable = this.take(VARIABLE);
    if (variable) return this.reference(variable[1] ?? variable[2] ?? '', start, this.at, true);
    if (!this.take(/\$?(?=\()/y) || start === this.at) return null;
    this.skipBracket();
    return [unknownPiece({ start, end: this.at }, EXPRESSION)];
  }

  /** The text and the variables within double quotes. */
  private within(inner: string, from: number): Piece[] {
    if (inner === '') return [this.literal(from, from, true)];
    return [...inner.matchAll(/\$(?:\{([^}${]{1,100})\}|(\w+(?::\w+)?))|[^$]+|\$/g)].flatMap((match) => {
      const name = match[1] ?? match[2];
      const [start, end] = [from + match.index, from + match.index + match[0].length];
      return name === undefined ? [this.literal(start, end, true)] : this.reference(name, start, end, true);
    });
  }

  private literal(start: number, end: number, quoted: boolean): Piece {
    const text = this.source.slice(start, end);
    return { text, range: { start, end }, exact: true, quoted, lock: null };
  }

  private reference(name: string, start: number, end: number, quoted: boolean): Piece[] {
    const isArguments = keyOf(name) === 'args' && !this.scope.isInFunction;
    const shown = this.source.slice(start, end);
    const unset = isArguments ? scriptArgumentsLock(shown) : unsetLock(shown);
    return this.scope.piecesOf(keyOf(name), { start, end }, quoted, unset);
  }
}

const keyOf = (name: string): string => name.toLowerCase().replace(/^(?:global|script|local|private):/, '');
