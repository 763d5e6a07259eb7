import type { DoubleQuotedChild, HereDocBody, ParameterExpansionPart, Word as ShellWord, WordPart } from 'unbash';
import type { Range } from '../../reading';
import { ARGUMENTS, OTHER_ARGUMENTS } from './assignment-visitor';
import { arithmeticValue } from '../arithmetic';
import type { Lock } from '../tree';
import {
  argumentLock,
  EXPRESSION,
  MAYBE_NOTHING,
  scriptArgumentsLock,
  taken,
  textOfVariable,
  unsetLock,
  type Scope,
} from '../variables';
import { splitWords, type Piece, type Word } from '../words';

/** Where and how words are expanded. */
export interface Expansion {
  scope: Scope;
  /** From a place in the parsed text to the place in the file. */
  at: (offset: number) => number;
  /** Whether a variable gets the words: what it then holds is known piece by piece. */
  isValue?: true;
}

type SplitPiece = Piece & { splits: boolean };

/** Longer results come from scripts that append to themselves, and are no command lines. */
const MAX_WORDS = 5000;

/** The words of a command or an array, as the shell would hand them on. */
export function expandWords(words: readonly ShellWord[], expansion: Expansion): Word[] {
  const expanded: Word[] = [];
  for (const word of words) {
    if (expanded.length > MAX_WORDS) break;
    const array = arrayOf(word, expansion);
    if (array) expanded.push(...array);
    else expanded.push(...split(word, expansion));
  }
  return expanded;
}

/** A word of which the shell makes no several words: the value of an assignment. */
export function expandValue(word: ShellWord, expansion: Expansion): Piece[] {
  return piecesOf(word, { ...expansion, isValue: true }).map(({ splits: _, ...piece }) => piece);
}

/** How a heredoc is written. */
export interface BodyStyle {
  /** Tabs at the beginnings of lines are left out (`<<-`). */
  tabs: boolean;
  /** Nothing in it means anything to the shell (`<<'EOF'`). */
  quoted: boolean;
}

/** The body of a heredoc: one piece a line at least. */
export function expandBody(
  { text, pos, parts }: HereDocBody,
  { tabs, quoted }: BodyStyle,
  expansion: Expansion,
): Piece[] {
  const own = (source: string, at: number): SplitPiece[] =>
    literal(quoted ? source : source.replace(BODY_ESCAPES, '$1'), at, source, true, expansion, BODY_RUNS);
  const pieces = parts
    ? parts.flatMap((part) =>
        part.type === 'Literal' ? own(part.text, part.pos) : piecesOfPart(part, expansion, true),
      )
    : own(text, pos);
  let isStart = true;
  return pieces.map(({ splits: _, ...piece }) => {
    const lead = tabs && isStart && piece.exact ? (/^\t+/.exec(piece.text ?? '')?.[0].length ?? 0) : 0;
    isStart = piece.text?.endsWith('\n') === true;
    const { range } = piece;
    return lead === 0
      ? piece
      : { ...piece, text: (piece.text ?? '').slice(lead), range: { start: range.start + lead, end: range.end } };
  });
}

function split(word: ShellWord, expansion: Expansion): Word[] {
  const pieces = piecesOf(word, expansion);
  const range = rangeOf(word, expansion);
  if (!pieces.some(({ splits, text }) => splits && text !== null && /\s/.test(text))) {
    // What expands to nothing is no word; a pair of quotes is one.
    if (pieces.length > 0 && pieces.every(({ splits, text }) => splits && text === '')) {
      const outside = pieces.find(({ lock }) => lock?.code === OUTSIDE_DEFAULT)?.lock;
      return outside ? [{ range, pieces: [unknown(range, { ...outside, code: MAYBE_NOTHING })] }] : [];
    }
    return [{ range, pieces: pieces.map(({ splits: _, ...piece }) => piece) }];
  }
  return splitWords(pieces);
}

/** `"${ARGS[@]}"`, alone in its word: the array's own words. */
function arrayOf({ parts }: ShellWord, { scope }: Expansion): readonly Word[] | null {
  const [part, more] = parts ?? [];
  const inner = part?.type === 'DoubleQuoted' && part.parts.length === 1 ? part.parts[0] : part;
  if (more || inner?.type !== 'ParameterExpansion' || inner.operation || inner.prefix) return null;
  if (inner.index?.value !== '@' && inner.index?.value !== '*') return null;
  const variable = scope.get(inner.parameter);
  if (variable?.held.kind !== 'list') return null;
  // In quotes, `*` makes one word of all.
  if (part?.type === 'DoubleQuoted' && inner.index.value === '*') return null;
  if (part?.type === 'DoubleQuoted') return variable.held.words;
  // Without quotes the shell splits every element anew, and drops empty ones.
  return variable.held.words.flatMap(({ pieces }) => splitWords(pieces.map((piece) => ({ ...piece, splits: true }))));
}

function piecesOf(word: ShellWord, expansion: Expansion): SplitPiece[] {
  if (!word.parts) return literal(word.value, word.pos, word.text, false, expansion);
  return word.parts.flatMap((part) => piecesOfPart(part, expansion, false));
}

function piecesOfPart(part: WordPart | DoubleQuotedChild, expansion: Expansion, quoted: boolean): SplitPiece[] {
  const range = rangeOf(part, expansion);
  switch (part.type) {
    case 'Literal':
      return literal(part.value, part.pos, part.text, quoted, expansion);
    case 'SingleQuoted':
      return literal(part.value, part.pos + 1, part.value, true, expansion);
    case 'DoubleQuoted':
      return part.parts.length === 0
        ? literal('', part.pos + 1, '', true, expansion)
        : part.parts.flatMap((child) => piecesOfPart(child, expansion, true));
    case 'AnsiCQuoted':
      return [inexact(part.value, range)];
    case 'LocaleString':
      return part.parts.flatMap((child) => piecesOfPart(child, expansion, true));
    case 'SimpleExpansion':
      return variableAt(part.text.slice(1), range, expansion, quoted);
    case 'ParameterExpansion':
      return parameterAt(part, range, expansion, quoted);
    case 'ArithmeticExpansion': {
      const value = arithmeticValue(part.expression, (name) => textOfVariable(expansion.scope.get(name)));
      return [computed(value, range)];
    }
    case 'CommandExpansion':
      // A comment in backticks between the lines of a command: `# a remark`.
      if (/^`\s*#[^`\n]*`$/.test(part.text)) {
        return [{ text: '', range, exact: false, quoted: false, lock: null, splits: !quoted }];
      }
      return [unknown(range, EXPRESSION)];
    // Braces make several words of one.
    case 'BraceExpansion':
      return [unknown(range, EXPRESSION)];
    // Globs are for file names; as values they are what they look like.
    case 'Glob':
    case 'ExtendedGlob':
      return literal(part.text, part.pos, part.text, quoted, expansion);
    case 'ProcessSubstitution':
      return [unknown(range, EXPRESSION)];
  }
}

function variableAt(name: string, range: Range, { scope, isValue }: Expansion, quoted: boolean): SplitPiece[] {
  const areAll = /^[@*]$/.test(name);
  const variable = scope.get(areAll ? OTHER_ARGUMENTS : name);
  if (!variable && areAll) return [unknown(range, scriptArgumentsLock(`$${name}`))];
  if (!variable)
    return [unknown(range, /^\w+$/.test(name) && /[A-Za-z_]/.test(name) ? unsetLock(name) : argumentLock(`$${name}`))];
  const { held } = variable;
  if (held.kind === 'unknown') return [unknown(range, held.lock)];
  // Without an index, an array is its first word.
  const pieces = held.kind === 'list' ? (held.words[0]?.pieces ?? []) : held.pieces;
  const text = pieces.some((piece) => piece.text === null) ? null : pieces.map((piece) => piece.text).join('');
  // Other borders of words are not followed.
  if (!quoted && scope.get('IFS') && !/^[\w.+-]*$/.test(text ?? '')) return [unknown(range, EXPRESSION)];
  const keepsPieces = !quoted || (isValue === true && text === null);
  if (keepsPieces && held.kind === 'text' && /\s\S/.test(pieces.map((piece) => piece.text ?? '').join(''))) {
    return pieces.map((piece): SplitPiece => ({ ...piece, splits: piece.text !== null }));
  }
  const isOutside = pieces.some((piece) => piece.lock?.code === OUTSIDE_DEFAULT);
  const own = taken(variable, range);
  const known = isOutside ? { lock: { ...own.lock, code: OUTSIDE_DEFAULT } } : own;
  const open = pieces.find((piece) => piece.text === null);
  return [{ text, range, exact: false, quoted: false, ...(open ? { lock: open.lock } : known), splits: !quoted }];
}

/** `${NAME}`, `${NAME:-value}`; what else a shell can do to a variable is not known. */
function parameterAt(
  { parameter, operation, prefix, index }: ParameterExpansionPart,
  range: Range,
  expansion: Expansion,
  quoted: boolean,
): SplitPiece[] {
  const variable = expansion.scope.get(parameter);
  const isSeveral = index !== undefined && index.value !== '0';
  const words = variable?.held.kind === 'list' ? variable.held.words.length : 1;
  if (prefix !== undefined || (isSeveral && (!/^[@*]$/.test(index.value) || words !== 1))) {
    return [unknown(range, EXPRESSION)];
  }
  if (!operation) return variableAt(parameter, range, expansion, quoted);
  const isDefault = operation.type === 'Default' && /^:?[-=]$/.test(operation.operator);
  if (!isDefault) return [unknown(range, EXPRESSION)];
  // Behind `set -- …`, `shift` and in functions, `$1` is not the script's own argument.
  const isMoved = /^\d+$/.test(parameter) && expansion.scope.get(ARGUMENTS) !== undefined;
  if (isMoved) return [unknown(range, argumentLock(`$${parameter}`))];
  const isSet = variable !== undefined && !(operation.operator.startsWith(':') && textOfVariable(variable) === '');
  if (isSet) return variableAt(parameter, range, expansion, quoted);
  const own = expandValue(operation.operand, expansion);
  const text = own.some((piece) => piece.text === null) ? null : own.map((piece) => piece.text).join('');
  return [{ text, range, exact: false, quoted: false, lock: defaultLock(parameter, text), splits: !quoted }];
}

/** The code of a lock on what holds unless somebody outside of the text says otherwise. */
export const OUTSIDE_DEFAULT = 'outside-default';

function defaultLock(name: string, text: string | null): Lock {
  const whose = /^\d+$/.test(name)
    ? `argument number ${name} of the script`
    : `the variable ${name} outside of this text`;
  return {
    code: OUTSIDE_DEFAULT,
    message: `This is ${text === '' ? 'empty' : (text ?? 'a default')} unless ${whose} says otherwise; write a number in its place before it is changed.`,
  };
}

/** A text in the script, cut at its escapes and line ends, so that every piece stands there letter by letter. */
function literal(
  value: string,
  pos: number,
  source: string,
  quoted: boolean,
  { at }: Expansion,
  cuts = quoted ? QUOTED_RUNS : BARE_RUNS,
): SplitPiece[] {
  const piece = (text: string, start: number, end: number, exact: boolean): SplitPiece => {
    return { text, range: { start: at(pos + start), end: at(pos + end) }, exact, quoted, lock: null, splits: false };
  };
  if (value === source && !value.includes('\n')) return [piece(value, 0, source.length, true)];
  const runs = value === source ? LINES : cuts;
  const pieces = [...source.matchAll(runs)].map(({ 0: run, index }) => {
    const isEscape = value !== source && run.startsWith('\\');
    const text = isEscape ? run.slice(run.endsWith('\n') ? 2 : 1) : run;
    return piece(text, index, index + run.length, !isEscape);
  });
  const isSame = pieces.map(({ text }) => text).join('') === value;
  return isSame ? pieces : [inexact(value, { start: at(pos), end: at(pos + source.length) })];
}

/** What a backslash takes its meaning from in a heredoc; before a line end both are gone. */
const BODY_ESCAPES = /\\(?:\n|([\\$`]))/g;
const BODY_RUNS = /\\[\n\\$`]|(?:[^\\\n]|\\(?![\n\\$`]))+|\n/g;
const LINES = /[^\n]+|\n/g;
const BARE_RUNS = /\\[\s\S]|[^\\\n]+|\n/g;
/** In double quotes a backslash escapes but these. */
const QUOTED_RUNS = /\\[\n"\\$`]|(?:[^\\\n]|\\(?![\n"\\$`]))+|\n/g;

function inexact(text: string, range: Range): SplitPiece {
  return { text, range, exact: false, quoted: true, lock: null, splits: false };
}

function computed(value: number | null, range: Range): SplitPiece {
  return {
    text: value === null ? null : String(value),
    range,
    exact: false,
    quoted: false,
    lock: EXPRESSION,
    splits: false,
  };
}

function unknown(range: Range, lock: Lock): SplitPiece {
  return { text: null, range, exact: false, quoted: false, lock, splits: false };
}

function rangeOf({ pos, end }: { pos: number; end: number }, { at }: Expansion): Range {
  return { start: at(pos), end: at(end) };
}
