import type { Lexeme } from './powershell-lexer';
import { expandParts } from './powershell-words';
import type { Scope } from './variables';
import { textOf } from './words';

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
};

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase() || (a !== '' && b !== '' && Number(a) === Number(b));
}

/**
 * Whether a condition holds: `$a`, `!$a`, `-not $a`, `$a -eq 1`, as generated scripts have them. Null for anything else,
 * and for what is only known when the script runs.
 */
export function conditionValue(lexemes: readonly Lexeme[], scope: Scope): boolean | null {
  const words = lexemes.flatMap((lexeme) => (lexeme.kind === 'word' ? [lexeme] : []));
  if (words.length !== lexemes.length) return null;
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
  const compare = COMPARISONS[second?.toLowerCase().replace(/^-/, '') ?? ''];
  return compare && third !== undefined && third !== null ? compare(first, third) : null;
}

function isTrue(text: string): boolean {
  return text !== '' && text !== '0' && !/^(?:\$?false|\$null)$/i.test(text);
}
