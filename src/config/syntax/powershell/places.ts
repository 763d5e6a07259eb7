import type { Range } from '../../reading';
import { Places, type Place } from '../places';
import { Cursor } from './values';
import { plainText } from './words';

/** Whatever may set any variable: `. .\\settings.ps1`, `Invoke-Expression`, `Set-Variable`, a reference. */
const ANYTHING =
  /(?:^|[;{\n])[ \t]*\.[ \t]+\S|\b(?:Invoke-Expression|iex|Set-Variable|New-Variable|sv|nv)\b|\[ref\]|-OutVariable\b/i;
/** Dot-sourced scripts that set up an environment: `. .\\venv\\Scripts\\activate.ps1`. */
const SETS_UP = /^[ \t]*\.[ \t]+\S{0,300}\bactivate(?:\.ps1)?[ \t]*$/gim;
/** `$a *= 2`, `$a++`, `$script:a = 3`, `$a, $b = 3, 4`. */
const UNSEEN =
  /\$(\w+)\s*[-*/%]=|\$(\w+)(?:\+\+|--)|(?:\+\+|--)\$(\w+)|\$(?:script|global|local|private):(\w+)\s*\+?=|\$(\w+)(?=\s*,[^=\n]{0,200}=)|,\s*\$(\w+)\s*=/gi;
const ASSIGNED = /\$((?:env:)?\w+)\s*\+?=|\$(\w+)\.add(?:range)?\(|\bforeach\s{0,20}\(\s{0,20}\$(\w+)/gi;

/** Finds what may set a variable; a variable that is also set in ways that are not followed has no known value. */
export function placesIn(source: string, cursor: Cursor, lineAt: (offset: number) => number): Places {
  const functions = functionsIn(cursor);
  const found = [UNSEEN, ASSIGNED].flatMap((pattern) => placesOf(source, pattern, functions));
  const places = new Places(found, lineAt);
  const isAny = ANYTHING.test(source.replace(SETS_UP, ''));
  const opaque = isAny ? found : placesOf(source, UNSEEN, functions);
  for (const { name } of opaque) if (name !== null) places.opaque.add(name);
  return places;
}

function placesOf(source: string, pattern: RegExp, functions: readonly Range[]): Place[] {
  return [...source.matchAll(pattern)].flatMap(({ index, ...groups }) => {
    const names = Array.from({ length: 6 }, (_, i) => groups[i + 1]).filter((name) => name !== undefined);
    const roams = functions.some(({ start, end }) => start <= index && index < end);
    return names.map((name) => ({ offset: index, name: name.toLowerCase(), isPlain: pattern === ASSIGNED, roams }));
  });
}

/** The bodies of functions. */
function functionsIn({ lexemes }: Cursor): Range[] {
  const cursor = new Cursor(lexemes);
  const found: Range[] = [];
  for (; cursor.at < lexemes.length; cursor.at += 1) {
    const { lexeme } = cursor;
    if (lexeme?.kind !== 'word' || !/^(?:function|filter)$/i.test(plainText(lexeme))) continue;
    cursor.skipTo('{');
    cursor.at -= 1;
    const end = lexemes[cursor.closing()]?.range.end ?? Infinity;
    found.push({ start: lexeme.range.start, end });
  }
  return found;
}
