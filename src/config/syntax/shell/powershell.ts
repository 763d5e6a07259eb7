import type { Parsed } from '../tree';
import { parseShell } from './bash';
import { Assigners } from './script';

const BLANK =
  /(?:[ ,\t\u00A0\uFEFF]|(?<![^\s;|&{}(),>])#[^\r\n]*|<#[\s\S]*?(?:#>|$)|[\d*]?>&\d|[\d*]?>{1,2}[ \t]*[^\s;|&{}()]*|<)+/y;
/** What stands before a block. */
const HEAD =
  /(?:if|else|elseif|try|catch|finally|begin|process|end|foreach|for|while|do|switch|function|filter)\b[^{\r\n]*/iy;
/** One text without blanks, one number or one variable, with nothing behind it. */
const ASSIGNMENT =
  /\$([a-z_]\w*)[ \t]*=[ \t]*(?=(?:-?[\d.]+(?:e[-+]?\d+)?|"[^"`\s]+"|'[^'\s]+'|\$\w+)[ \t]*(?:[\r\n;}#]|$))/iy;
const VARIABLE = /\$\{[a-z_]\w*\}|[$@][a-z_]\w*(?![\w:.[(])/iy;
/** In double quotes, only plain variables. */
const TEXT = /"(?:[^"`$]|\$(?=["\s])|\$[a-z_]\w*(?![\w:])|\$\{[a-z_]\w*\})*"(?!")|'[^']*'(?!')/iy;
/** A text on several lines or with escapes, a text without an end, a member or a scope of a variable, an escape. */
const UNKNOWN =
  /@(["'])[ \t]*\r?\n(?:[\s\S]*?\r?\n\1@|[\s\S]*)|"(?:[^"`]|`[\s\S]|"")*"|'(?:[^']|'')*'|["'][\s\S]*|`[\s\S]?|\$(?!\()(?:\w+|[?$^]|\{[^}\r\n]{0,100}\}?)?(?::\w+)?(?:\.\w+|\[[^\]\r\n]*\])*/y;
/** Without a space, a comma belongs to the word: `betas=0.9,0.99`. */
const BARE = /(?!@["'({])[^\s"'`$(){},;|&<>]+(?:,[^\s"'`$(){},;|&<>]+)*/y;
/** Words that bash does not take for a program. */
const RESERVED =
  /^(?:\W+|(?!-)[^=\n]*=.*|then|elif|fi|done|case|esac|until|select|time|coproc|in|read|export|readonly|declare|typeset|local)$/;

/** Code that may set any variable, or read it without its sign: `. .\\settings.ps1`, `Set-Variable`, `param(`, `[ref]`. */
const ANYTHING =
  /(?<![^;{\n])[ \t]*\.[ \t]+(?!\S{0,300}\bactivate(?:\.ps1)?[ \t\r]*(?:\n|$))\S|\b(?:Invoke-Expression|iex|[GSN]et-Variable|New-Variable|[gsn]v)\b|\[ref\]|-OutVariable\b|\bvariable:|\bparam\s*\(|(?<![^;{\n])[ \t]{0,99}(?:function|filter)\s|(?<!activate)\.ps1\b/i;
/** `$a = 2`, `$a += 2`, `$a++`, `$a.Add(2)`, `$a[0] = 2`, `$a, $b = 3, 4`, `foreach ($a in …)`. */
const ASSIGNED =
  /(\+\+|--)?\$(?:(?:script|global|local|private):)?(\w+)(\s*(?:[-+*/%]?=(?!=)|\+\+|--(?!\w)|\.\w+[ \t]*[(=]|\[[^\]\n]{0,100}\]\s*[-+*/%]?=|(?=,[^=\n]{0,200}=)|in\b))?/gi;
/** An assignment of flags, or of a list on several lines. */
const FLAGS = /[\s"'(]--?[A-Za-z]|[(,`]\s*$/;

/**
 * Parse a PowerShell script: one root for each command with flags, and a last one for its variables. Only literal flags,
 * and variables that are assigned one text or number outside of blocks, are followed; everything else is unknown.
 */
export const parsePowershell = (source: string, programs?: ReadonlySet<string>): Parsed =>
  parseShell(source, programs, { text: asBash(source), assigners: assignersIn(source) });

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

/**
 * A text of bash with the same commands, each at its offset. What has no such command becomes a word without flags, and
 * every variable keeps its name, in lower case.
 */
export function asBash(source: string): string {
  let text = '';
  let depth = 0;
  let place: 'start' | 'call' | 'command' | 'expression' = 'start';
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = text.length;
    return pattern.exec(source)?.[0] ?? '';
  };
  const next = (): string => {
    const blank = take(BLANK);
    if (blank !== '') return ' '.repeat(blank.length);
    const continued = take(/`\r?\n/y);
    if (continued !== '') return continued.replace('`', '\\');
    const between = take(/\r?\n|[;|&{}]/y);
    if (between !== '') {
      depth = Math.max(0, depth + (between === '{' ? 1 : between === '}' ? -1 : 0));
      place = between === '&' ? 'call' : 'start';
      return '\n'.padStart(between.length);
    }
    const head = place === 'start' ? take(HEAD) : '';
    if (head !== '') return namesIn(head);
    if (place === 'start' || place === 'call') {
      // An expression starts with a variable, a text, or a type.
      const isRun = place === 'call' || !/["'$@[(]/.test(source[text.length] ?? '');
      const assignment = place === 'start' && depth === 0 ? take(ASSIGNMENT) : '';
      place = assignment !== '' || (isRun && !RESERVED.test(take(BARE))) ? 'command' : 'expression';
      if (assignment !== '') return `${/\w+/.exec(assignment)?.[0].toLowerCase()}=`.padStart(assignment.length);
    }
    const known = take(TEXT) || take(VARIABLE) || take(BARE);
    if (known !== '' && place === 'command') return wordOf(known);
    const names = namesIn(known || take(UNKNOWN) || source.slice(text.length, endOfBrackets(source, text.length)));
    return place === 'expression' || names.length < 2 ? names : `\`${names.slice(1, -1)}\``;
  };
  while (text.length < source.length) text += next();
  return text;
}

/** A text, a variable or a bare word, as bash spells it. */
function wordOf(word: string): string {
  if (word.startsWith("'")) return word;
  if (/^[$@]args$/i.test(word)) return '${@-}';
  return word
    .replace(/^@(?=\w+$)/, '$')
    .replaceAll('\\', '/')
    .replace(/\$\{?\w+/g, (name) => name.toLowerCase());
}

/** The names of variables in an expression, without their scopes, and no blank. */
const namesIn = (code: string): string =>
  code.replace(/[$@]\{?(?:\w+:)?(\w+)|[^]/g, (all, name?: string) =>
    (name ? `$${name.toLowerCase()}` : '').padStart(all.length, '='),
  );

/** The end of the brackets that begin at an offset, or one letter. */
function endOfBrackets(source: string, start: number): number {
  let end = start + (/[$@]/.test(source[start] ?? '') ? 1 : 0);
  let depth = 0;
  do {
    const letter = source[end] ?? '';
    depth += /[({]/.test(letter) ? 1 : /[)}]/.test(letter) ? -1 : 0;
    end += 1;
  } while (depth > 0 && end < source.length);
  return Math.min(end, source.length);
}
