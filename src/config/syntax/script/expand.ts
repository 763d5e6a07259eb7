import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import type { Lock } from '../tree';
import type { ScriptScope } from './scope';
import {
  EXPRESSION,
  MAYBE_FLAGS,
  MAYBE_EMPTY,
  usedVariable,
  textOfVariable,
  type VariableValue,
  type Variable,
} from './variables';
import { splitWords, textOf, type Piece, type Word } from './words';

/** A piece; `splits` says whether its blanks split the word. */
export type SplitPiece = Piece & { splits: boolean };

/** A variable in a word. */
export interface Reference {
  name: string;
  range: Range;
  /** Whether it is in quotes, so that its value stays one word. */
  quoted: boolean;
  /** `"${ARGS[@]}"`: if the variable is a list and alone in its word, its words. */
  spreads: boolean;
  /** Why the value is unknown if the script does not set the variable. */
  unset: Lock;
  /** `${NAME:-value}`. */
  fallback?: Fallback;
}

export interface Fallback {
  parts: readonly WordPart[];
  /** Whether it also replaces an empty value. */
  ifEmpty: boolean;
  /** Words for the variable, which may be set outside of the script: `the variable LR`. */
  owner: string;
}

export type WordPart = SplitPiece | Reference;

/** How a shell expands a variable in a word. */
export interface ExpansionRules {
  /** Which values are split at blanks: all, unquoted ones, or none. */
  splits: 'all' | 'unquoted' | 'none';
  /** How a list expands inside a word: to its first item, or to all items joined by blanks. */
  list: 'first' | 'joined';
  /** The name of a variable in messages: `$lr`. */
  shown: (name: string) => string;
}

/** The code of a lock on a default that may be overridden outside of the script. */
const OUTSIDE_DEFAULT = 'outside-default';

/** Expands one word of the script to the words that the program gets. */
export function expandWord(
  range: Range,
  parts: readonly WordPart[],
  scope: ScriptScope,
  manner: ExpansionRules,
): Word[] {
  const [only, more] = parts;
  if (only && !more && 'name' in only) {
    const several = severalWords(only, scope.get(only.name)?.held, manner);
    if (several) return several;
  }
  const pieces = parts.flatMap((part) => piecesOf(part, scope, manner, false));
  if (pieces.some(({ splits, text }) => splits && text !== null && /\s/.test(text))) return splitWords(pieces);
  // An empty expansion is no word; a pair of quotes is a word.
  if (pieces.length > 0 && pieces.every(({ splits, text }) => splits && text === '')) {
    const outside = pieces.find(({ lock }) => lock?.code === OUTSIDE_DEFAULT)?.lock;
    return outside ? [{ range, pieces: [unknownPiece(range, { ...outside, code: MAYBE_EMPTY })] }] : [];
  }
  return [{ range, pieces: pieces.map(withoutSplits) }];
}

/** The words of a variable that is alone in its word, if it is a list or may hold flags; null for a single word. */
function severalWords(
  { range, quoted, spreads }: Reference,
  held: VariableValue | undefined,
  manner: ExpansionRules,
): Word[] | null {
  if (held?.kind === 'list' && spreads) {
    if (quoted || manner.splits === 'none') return [...held.words];
    // Without quotes bash splits every element again, and drops empty ones.
    return held.words.flatMap(({ pieces }) => splitWords(pieces.map((piece) => ({ ...piece, splits: true }))));
  }
  if (held?.kind !== 'unknown' || (quoted && !spreads)) return null;
  const flags = held.flags?.() ?? [];
  if (flags.length === 0) return null;
  return [...flags, { range, pieces: [unknownPiece(range, { ...held.lock, code: MAYBE_FLAGS })] }];
}

/** The pieces of an assigned value, which is not split at blanks. */
export function expandValue(parts: readonly WordPart[], scope: ScriptScope, manner: ExpansionRules): Piece[] {
  return parts.flatMap((part) => piecesOf(part, scope, manner, true)).map(withoutSplits);
}

/** A piece whose value is only known when the script runs. */
export function unknownPiece(range: Range, lock: Lock): SplitPiece {
  return { text: null, range, exact: false, quoted: false, lock, splits: false };
}

function withoutSplits({ splits: _, ...piece }: SplitPiece): Piece {
  return piece;
}

function piecesOf(part: WordPart, scope: ScriptScope, manner: ExpansionRules, isValue: boolean): SplitPiece[] {
  if (!('name' in part)) return [part];
  const { name, range, quoted, fallback } = part;
  const variable = scope.get(name);
  const isSet = variable !== undefined && !(fallback?.ifEmpty === true && textOfVariable(variable) === '');
  if (isSet) return variablePieces(variable, part, manner, isValue);
  if (!fallback) return [unknownPiece(range, part.unset)];
  const text = textOf({ range, pieces: expandValue(fallback.parts, scope, manner) });
  return [{ ...unknownPiece(range, defaultLock(fallback.owner, text)), text, splits: !quoted }];
}

function variablePieces(variable: Variable, part: Reference, manner: ExpansionRules, isValue: boolean): SplitPiece[] {
  const { range, quoted } = part;
  const { held } = variable;
  if (held.kind === 'unknown') return [unknownPiece(range, held.lock)];
  if (part.spreads && manner.list === 'first' && held.kind === 'list' && held.words.length !== 1) {
    return [unknownPiece(range, EXPRESSION)];
  }
  const pieces = held.kind === 'text' ? held.pieces : listPieces(held.words, manner);
  const splitting = pieces.map((piece): SplitPiece => {
    const isBorder = manner.splits === 'all' || (manner.splits === 'unquoted' && !piece.quoted);
    return { ...piece, splits: isBorder && piece.text !== null };
  });
  const unknown = pieces.find(({ text }) => text === null);
  // A value of several words keeps the range of each.
  const isSeveral = /\s\S/.test(
    splitting.map(({ text, splits }) => (splits || text === null ? (text ?? '') : 'x')).join(''),
  );
  if (isSeveral && held.kind === 'text' && (!quoted || (isValue && unknown))) return splitting;
  const text = textOf({ range, pieces });
  const splits = !quoted && splitting.every((piece) => piece.splits);
  if (unknown?.lock) return [{ ...unknownPiece(range, unknown.lock), splits }];
  const own = usedVariable({ ...variable, name: manner.shown(variable.name) }, range);
  const isOutside = pieces.some(({ lock }) => lock?.code === OUTSIDE_DEFAULT);
  const known = isOutside ? { lock: { ...own.lock, code: OUTSIDE_DEFAULT } } : own;
  return [{ text, range, exact: false, quoted: false, ...known, splits }];
}

function listPieces(words: readonly Word[], { list }: ExpansionRules): readonly Piece[] {
  if (list === 'first') return words[0]?.pieces ?? [];
  const blank: Piece = { text: ' ', range: { start: 0, end: 0 }, exact: false, quoted: false, lock: null };
  return words.flatMap(({ pieces }, i) => (i === 0 ? pieces : [blank, ...pieces]));
}

function defaultLock(owner: string, text: string | null): Lock {
  const value = text === '' ? l10n.t('an empty string') : (text ?? l10n.t('another value'));
  const message = l10n.t`The default here is ${value}, and ${owner} can override it. Write a number here first.`;
  return { code: OUTSIDE_DEFAULT, message };
}
