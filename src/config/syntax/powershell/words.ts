import type { Range } from '../../reading';
import type { Lexeme, Part } from './lexer';
import type { Lock } from '../tree';
import { EXPRESSION, scriptArgumentsLock, taken, unsetLock, type Scope } from '../variables';
import { textOf, type Piece, type Word } from '../words';
import { under } from '../../table';

/** As a program gets them. */
const CONSTANTS: Readonly<Record<string, string>> = { true: 'True', false: 'False', null: '' };

/** A word with its variables put in: one word, or those of an array. */
export function expandParts({ range, parts }: Lexeme & { kind: 'word' }, scope: Scope): Word[] {
  const [first, second, more] = parts;
  // `$list`, alone in its word, or splatted as `@list`.
  const splat = splatted(first, second, more);
  const name = first?.kind === 'variable' && !second && !first.quoted ? first.text : splat;
  const held = name === null ? undefined : scope.get(name)?.held;
  if (held?.kind === 'list') return [...held.words];
  const unset = splat !== null && held === undefined ? unsetWords('@', splat) : null;
  const lock = held?.kind === 'unknown' ? held.lock : unset;
  if (lock) return [{ range, pieces: [{ text: null, range, exact: false, quoted: false, lock }] }];
  return [{ range, pieces: parts.map((part) => pieceOf(part, scope)) }];
}

/**
 * The word at `at` with those that commas join to it: `betas=0.9,0.99` is an array to PowerShell, but without a space in
 * it a program gets it as it stands. So it is for plain words alone; what quotes and variables become differs by version.
 * @see https://github.com/PowerShell/PowerShell (engine/NativeCommandParameterBinder.cs: AppendOneNativeArgument)
 */
export function joinedByCommas(lexemes: readonly Lexeme[], at: number): (Lexeme & { kind: 'word' }) | null {
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

function isPlain({ parts }: Lexeme & { kind: 'word' }): boolean {
  return parts.length > 0 && parts.every(({ kind, exact, quoted }) => kind === 'text' && exact && !quoted);
}

/** The variable with the arguments of a script or function: `$args`. */
export const ARGS = 'args';

function unsetWords(mark: string, name: string): Lock {
  return name === ARGS ? scriptArgumentsLock(mark + name) : unsetLock(mark + name);
}

function splatted(first: Part | undefined, second: Part | undefined, more: Part | undefined): string | null {
  if (more || second || first?.kind !== 'text' || first.quoted) return null;
  return /^@(\w+)$/.exec(first.text)?.[1]?.toLowerCase() ?? null;
}

function pieceOf({ kind, text, range, exact, quoted }: Part, scope: Scope): Piece {
  if (kind === 'text') return { text, range, exact, quoted, lock: null };
  const unknown: Piece = { text: null, range, exact: false, quoted: false, lock: EXPRESSION };
  if (kind === 'expression') return unknown;
  const variable = scope.get(text);
  const constant = under(CONSTANTS, text);
  if (!variable && constant !== undefined) return { ...unknown, text: constant };
  if (!variable) return { ...unknown, lock: unsetWords('$', text) };
  const { held } = variable;
  if (held.kind === 'unknown') return { ...unknown, lock: held.lock };
  const words: readonly Word[] = held.kind === 'list' ? held.words : [{ range, pieces: held.pieces }];
  const texts = words.map(textOf);
  const isKnown = texts.every((own) => own !== null);
  const lock = words.flatMap(({ pieces }) => pieces).find((piece) => piece.text === null)?.lock;
  return {
    ...unknown,
    text: isKnown ? texts.join(' ') : null,
    ...(lock ? { lock } : taken({ ...variable, name: `$${text}` }, range)),
  };
}

/** A word without anything in it. */
export function literalWord(range: Range): Word {
  return { range, pieces: [{ text: '', range, exact: false, quoted: true, lock: null }] };
}
