import { unknownPiece, type ExpansionRules, type WordPart as WordPart } from '../script/expand';
import type { ScriptScope } from '../script/scope';
import { EXPRESSION, scriptArgumentsLock, unsetLock } from '../script/variables';
import { under } from '../table';
import type { Lexeme, LexemePart } from './lexer';

export type WordLexeme = Lexeme & { kind: 'word' };

export const EXPANSION_RULES: ExpansionRules = { splits: 'none', list: 'joined', shown: (name) => `$${name}` };

/** The rules for arguments of a program. */
const CONSTANTS: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: '' };

/** The variable with the arguments of a script or function: `$args`. */
const ARGS = 'args';

/** The text of a word, with variables by their names. */
export function plainText({ parts }: WordLexeme): string {
  return parts.map(({ text, kind }) => (kind === 'variable' ? `$${text}` : text)).join('');
}

/** The text and the variables of a word. */
export function partsOf({ range, parts }: WordLexeme, scope: ScriptScope): WordPart[] {
  const [first, more] = parts;
  const isAlone = more === undefined && first?.quoted === false;
  // `@list` gives a command the words of a list, as `$list` does for a program.
  const splat = isAlone && first.kind === 'text' ? /^@(\w+)$/.exec(first.text)?.[1]?.toLowerCase() : undefined;
  if (splat !== undefined) return [reference('@', splat, range, true, scope)];
  return parts.map((part) => partOf(part, isAlone, scope));
}

function partOf({ kind, text, range, exact, quoted }: LexemePart, isAlone: boolean, scope: ScriptScope): WordPart {
  if (kind === 'text') return { text, range, exact, quoted, lock: null, splits: false };
  if (kind === 'expression') return unknownPiece(range, EXPRESSION);
  const constant = scope.get(text) ? undefined : under(CONSTANTS, text);
  if (constant !== undefined) return { ...unknownPiece(range, EXPRESSION), text: constant };
  return reference('$', text, range, isAlone, scope);
}

function reference(
  mark: string,
  name: string,
  range: WordLexeme['range'],
  spreads: boolean,
  scope: ScriptScope,
): WordPart {
  const isArguments = name === ARGS && !scope.isInFunction;
  const unset = isArguments ? scriptArgumentsLock(mark + name) : unsetLock(mark + name);
  return { name, range, quoted: false, spreads, unset };
}

/**
 * The word at `at` and the words that commas join to it. `betas=0.9,0.99` is an array to PowerShell, but without a space in
 * it a program gets it unchanged. This holds for plain words only; quotes and variables differ by version.
 * @see https://github.com/PowerShell/PowerShell (engine/NativeCommandParameterBinder.cs: AppendOneNativeArgument)
 */
export function joinedByCommas(lexemes: readonly Lexeme[], at: number): WordLexeme | null {
  const first = lexemes[at];
  if (first?.kind !== 'word' || !isPlain(first)) return null;
  const parts = [...first.parts];
  let end = first.range.end;
  for (let next = at + 1; ; next += 2) {
    const [comma, word] = [lexemes[next], lexemes[next + 1]];
    const isJoined = comma?.kind === 'mark' && comma.text === ',' && comma.range.start === end;
    if (!isJoined || word?.kind !== 'word' || word.range.start !== comma.range.end || !isPlain(word)) break;
    parts.push({ kind: 'text', text: ',', range: comma.range, exact: true, quoted: false }, ...word.parts);
    end = word.range.end;
  }
  const text = parts.map((part) => part.text).join('');
  const range = { start: first.range.start, end };
  return { kind: 'word', range, parts: [{ kind: 'text', text, range, exact: true, quoted: false }] };
}

function isPlain({ parts }: WordLexeme): boolean {
  return parts.length > 0 && parts.every(({ kind, exact, quoted }) => kind === 'text' && exact && !quoted);
}
