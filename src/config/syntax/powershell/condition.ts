import type { Lexeme } from './lexer';
import { plainText, type WordLexeme } from './values';
import { expandParts } from './words';
import type { Scope } from '../variables';
import { textOf } from '../words';
import { under } from '../../table';

const COMPARISONS: Readonly<Record<string, (a: string, b: string) => boolean>> = {
  eq: (a, b) => same(a, b),
  ieq: (a, b) => same(a, b),
  ceq: (a, b) => a === b,
  ne: (a, b) => !same(a, b),
  ine: (a, b) => !same(a, b),
  gt: (a, b) => Number(a) > Number(b),
  ge: (a, b) => Number(a) >= Number(b),
  lt: (a, b) => Number(a) < Number(b),
  le: (a, b) => Number(a) <= Number(b),
  like: (a, b) => isLike(a, b),
  ilike: (a, b) => isLike(a, b),
  notlike: (a, b) => !isLike(a, b),
  inotlike: (a, b) => !isLike(a, b),
};

/** `*` as in names of files; nothing else of a pattern is followed. */
function isLike(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.toLowerCase().split('*');
  const own = text.toLowerCase();
  const last = rest.pop();
  if (last === undefined) return own === first;
  if (!own.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = own.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return own.length - last.length >= at && own.endsWith(last);
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || (a !== '' && b !== '' && Number(a) === Number(b));
}

/**
 * Whether a condition holds: `$a`, `!$a`, `-not $a`, `$a -eq 1`, several with `-and` and `-or`, as scripts have them. Null
 * for anything else, and for what is only known when the script runs.
 */
export function conditionValue(lexemes: readonly Lexeme[], scope: Scope): boolean | null {
  const words = lexemes.flatMap((lexeme) => (lexeme.kind === 'word' ? [lexeme] : []));
  if (words.length !== lexemes.length) return null;
  const at = words.findLastIndex((word) => JOINS.has(plainText(word).toLowerCase()));
  const join = words[at];
  if (!join) return comparison(words, scope);
  // Both bind alike, from the left.
  const [left, right] = [conditionValue(words.slice(0, at), scope), comparison(words.slice(at + 1), scope)];
  const decides = plainText(join).toLowerCase() === '-or';
  if (left === decides || right === decides) return decides;
  return left === null || right === null ? null : right;
}

const JOINS = new Set(['-and', '-or']);

function comparison(words: readonly WordLexeme[], scope: Scope): boolean | null {
  const texts = words.map((word) => {
    const [only, more] = expandParts(word, scope);
    return only && !more ? textOf(only) : null;
  });
  const [first, second, third, more] = texts;
  if (more !== undefined || first === undefined || first === null) return null;
  if (first.toLowerCase() === '-not' || first === '!') {
    return second === undefined || second === null || third !== undefined ? null : !isTrue(second);
  }
  if (second === undefined) return first.startsWith('!') ? !isTrue(first.slice(1)) : isTrue(first);
  const compare = under(COMPARISONS, second?.toLowerCase().replace(/^-/, '') ?? '');
  if (!compare || third === undefined || third === null) return null;
  return /like$/i.test(second ?? '') && /[?[`]/.test(third) ? null : compare(first, third);
}

function isTrue(text: string): boolean {
  return text !== '' && text !== '0' && !/^(?:\$?false|\$null)$/i.test(text);
}
