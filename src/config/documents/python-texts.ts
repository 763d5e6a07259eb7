import type { Range } from '../reading';
import { partOf, type Document } from './document';
import { syntaxByLook } from './heredoc';

/** Comments and strings of Python, the long ones with their prefix. */
const TOKENS = /#[^\n]*|(?<!\w)(\w*)("""|''')|"(?:[^"\\\n]|\\[^])*"?|'(?:[^'\\\n]|\\[^])*'?/g;
/** What is written to a file, or read as a config: `file.write(text)`, `yaml.safe_load(text)`. */
const WRITTEN =
  /\b(?:write|write_text|safe_load|full_load|load|loads|create)\(\s*(\w+)\s*(?:[,)]|\.strip\(\))|\bprint\(\s*(\w+)\s*,\s*file\b/g;
/** What is made into another text before it is used. */
const CHANGED = /\b(\w+)(?:\.(?:format|format_map|replace|join|substitute)\b|[ \t]*%|[ \t]*\+)/g;
/** In front of a text: the variable that takes it, or the call that writes it; perhaps without its indentation. */
const TAKEN =
  /(?:(?:^|\n)[ \t]*(\w+)(?:[ \t]*:[ \t]*str)?[ \t]*=[ \t]*|\b(write|write_text|safe_load|full_load|load|loads|create)\(\s*)(?:(?:textwrap\.)?dedent\(\s*)?$/;
/** Behind a text: nothing that makes another one of it. */
const ENDS = /^(?:\.(?:strip|lstrip|rstrip)\(\))?[ \t]*(?:[),\r\n;#]|$)/;

/** How far a variable stands before its text. */
const NEAR = 200;

/**
 * The configs that a program holds as texts between three quotes, and writes to a file or hands to a reader. What holds
 * escapes, or is filled in before it is used, is left out.
 */
export function pythonTexts(program: Document): Document[] {
  const { text } = program;
  if (!/"""|'''/.test(text)) return [];
  const written = namesIn(text, WRITTEN);
  const changed = namesIn(text, CHANGED);
  return longStrings(text).flatMap(({ prefix, start, end }): Document[] => {
    const inside = text.slice(start, end);
    const [, name, call] =
      TAKEN.exec(text.slice(Math.max(0, start - 3 - prefix.length - NEAR), start - 3 - prefix.length)) ?? [];
    const isUsed = call !== undefined || (name !== undefined && written.has(name) && !changed.has(name));
    const isPlain = /^r?$/i.test(prefix) && (prefix !== '' || !inside.includes('\\'));
    const syntax = isUsed && isPlain && ENDS.test(text.slice(end + 3, end + 3 + NEAR)) ? syntaxByLook(inside) : null;
    return syntax ? [partOf(program, { start, end }, syntax)] : [];
  });
}

function namesIn(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set([...text.matchAll(pattern)].map(([, first, second]) => first ?? second ?? ''));
}

/** The strings between three quotes: where what they say begins and ends. */
function longStrings(text: string): (Range & { prefix: string })[] {
  const found: (Range & { prefix: string })[] = [];
  TOKENS.lastIndex = 0;
  for (let match = TOKENS.exec(text); match; match = TOKENS.exec(text)) {
    const [, prefix = '', quotes] = match;
    if (quotes === undefined) continue;
    const start = TOKENS.lastIndex;
    const end = closing(text, quotes, start);
    if (end === -1) break;
    found.push({ prefix, start, end });
    TOKENS.lastIndex = end + 3;
  }
  return found;
}

/** Where the quotes stand that end a string; a backslash keeps the one behind it from being one. */
function closing(text: string, quotes: string, from: number): number {
  for (let at = text.indexOf(quotes, from); at !== -1; at = text.indexOf(quotes, at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}
