import * as l10n from '@vscode/l10n';
import type {
  DoubleQuotedChild,
  HereDocBody,
  ParameterExpansionPart,
  Word as ShellWord,
  WordPart as ShellWordPart,
} from 'unbash';
import type { Range } from '../../reading';
import {
  expandValue,
  expandWord,
  unknownPiece,
  type ExpansionRules,
  type WordPart,
  type SplitPiece,
} from '../script/expand';
import type { ScriptScope } from '../script/scope';
import { argumentLock, EXPRESSION, scriptArgumentsLock, unsetLock } from '../script/variables';
import type { Piece, Word } from '../script/words';
import { ALL_ARGUMENTS, ARGUMENTS } from './assigners';

/** Where and how words are expanded. */
export interface Expansion {
  scope: ScriptScope;
  /** From an offset of the parsed text to an offset of the file. */
  at: (offset: number) => number;
}

const EXPANSION_RULES: ExpansionRules = { splits: 'all', list: 'first', shown: (name) => name };

/** Longer results come from scripts that append to a variable, and are no command lines. */
const MAX_WORDS = 5000;

/** The words of a command or an array after expansion. */
export function expandWords(words: readonly ShellWord[], expansion: Expansion): Word[] {
  const expanded: Word[] = [];
  for (const glued of gluedWords(words)) {
    if (expanded.length > MAX_WORDS) break;
    const ranges = glued.map((word) => rangeOf(word, expansion));
    const range = { start: ranges[0]?.start ?? 0, end: ranges.at(-1)?.end ?? 0 };
    const parts = glued.flatMap((word) => partsOf(word, expansion));
    expanded.push(...expandWord(range, parts, expansion.scope, EXPANSION_RULES));
  }
  return expanded;
}

/** The parser ends a word before `<(…)`; without a space between them they are one: `a<(…)`. */
function gluedWords(words: readonly ShellWord[]): ShellWord[][] {
  const glued: ShellWord[][] = [];
  for (const word of words) {
    const last = glued.at(-1);
    if (last?.at(-1)?.end === word.pos) last.push(word);
    else glued.push([word]);
  }
  return glued;
}

/** A word that the shell does not split: the value of an assignment. */
export function valueOf(word: ShellWord, expansion: Expansion): Piece[] {
  return expandValue(partsOf(word, expansion), expansion.scope, EXPANSION_RULES);
}

/** How a heredoc is written. */
export interface BodyStyle {
  /** Tabs at the beginnings of lines are removed (`<<-`). */
  tabs: boolean;
  /** The shell expands nothing in it (`<<'EOF'`). */
  quoted: boolean;
}

/** The body of a heredoc: at least one piece for each line. */
export function expandBody(
  { text, pos, parts }: HereDocBody,
  { tabs, quoted }: BodyStyle,
  expansion: Expansion,
): Piece[] {
  const own = (source: string, at: number): SplitPiece[] =>
    literal(quoted ? source : source.replace(BODY_ESCAPES, '$1'), at, source, true, expansion, BODY_RUNS);
  const body = parts
    ? parts.flatMap((part) => (part.type === 'Literal' ? own(part.text, part.pos) : partsIn(part, expansion, true)))
    : own(text, pos);
  const pieces = expandValue(body, expansion.scope, EXPANSION_RULES);
  let isStart = true;
  return pieces.map((piece) => {
    const lead = tabs && isStart && piece.exact ? (/^\t+/.exec(piece.text ?? '')?.[0].length ?? 0) : 0;
    isStart = piece.text?.endsWith('\n') === true;
    const { range } = piece;
    return lead === 0
      ? piece
      : { ...piece, text: (piece.text ?? '').slice(lead), range: { start: range.start + lead, end: range.end } };
  });
}

/** `"${ARGS[@]}"` gives the words of a list, `"${ARGS[*]}"` one word. */
function spreads(index: string | undefined, quoted: boolean): boolean {
  return index === '@' || (index === '*' && !quoted);
}

function partsOf(word: ShellWord, expansion: Expansion): WordPart[] {
  if (!word.parts) return literal(word.value, word.pos, word.text, false, expansion);
  return word.parts.flatMap((part) => partsIn(part, expansion, false));
}

function partsIn(part: ShellWordPart | DoubleQuotedChild, expansion: Expansion, quoted: boolean): WordPart[] {
  const range = rangeOf(part, expansion);
  switch (part.type) {
    case 'Literal':
      return literal(part.value, part.pos, part.text, quoted, expansion);
    case 'SingleQuoted':
      return literal(part.value, part.pos + 1, part.value, true, expansion);
    case 'DoubleQuoted':
      return part.parts.length === 0
        ? literal('', part.pos + 1, '', true, expansion)
        : part.parts.flatMap((child) => partsIn(child, expansion, true));
    case 'AnsiCQuoted':
      return [inexact(part.value, range)];
    case 'LocaleString':
      return part.parts.flatMap((child) => partsIn(child, expansion, true));
    case 'SimpleExpansion':
      return [reference(part.text.slice(1), range, expansion, quoted)];
    case 'ParameterExpansion':
      return [parameter(part, range, expansion, quoted)];
    case 'CommandExpansion':
      // A comment in backticks between the lines of a command: `# a remark`.
      if (/^`\s*#[^`\n]*`$/.test(part.text)) {
        return [{ text: '', range, exact: false, quoted: false, lock: null, splits: !quoted }];
      }
      return [unknownPiece(range, EXPRESSION)];
    // Globs match file names; as values they stay as written.
    case 'Glob':
    case 'ExtendedGlob':
      return literal(part.text, part.pos, part.text, quoted, expansion);
    // Braces expand to several words.
    case 'BraceExpansion':
    case 'ArithmeticExpansion':
    case 'ProcessSubstitution':
      return [unknownPiece(range, EXPRESSION)];
  }
}

function reference(name: string, range: Range, { scope }: Expansion, quoted: boolean, index?: string): WordPart {
  const areAll = /^[@*]$/.test(name);
  const isArgument = areAll || !/[A-Za-z_]/.test(name) || !/^\w+$/.test(name);
  const unset = areAll ? scriptArgumentsLock(`$${name}`) : isArgument ? argumentLock(`$${name}`) : unsetLock(name);
  if (areAll && scope.isInFunction) return unknownPiece(range, argumentLock(`$${name}`));
  // Only the default separators of words are followed.
  if (!quoted && scope.isAssigned('IFS')) return unknownPiece(range, EXPRESSION);
  return { name: areAll ? ALL_ARGUMENTS : name, range, quoted, spreads: spreads(index, quoted), unset };
}

/** `${NAME}` and `${NAME:-value}`; other expansions are unknown. */
function parameter(
  { parameter: name, operation, prefix, index }: ParameterExpansionPart,
  range: Range,
  expansion: Expansion,
  quoted: boolean,
): WordPart {
  const { scope } = expansion;
  const held = scope.get(name)?.held;
  const isSpread = !operation && held !== undefined && held.kind !== 'text' && spreads(index?.value, quoted);
  const isSeveral = index !== undefined && index.value !== '0' && !isSpread;
  const size = held?.kind === 'list' ? held.words.length : 1;
  if (prefix !== undefined || (isSeveral && (!/^[@*]$/.test(index.value) || size !== 1))) {
    return unknownPiece(range, EXPRESSION);
  }
  const own = reference(name, range, expansion, quoted, isSpread ? index?.value : undefined);
  if (!operation || !('name' in own)) return own;
  if (operation.type !== 'Default' || !/^:?[-=]$/.test(operation.operator)) return unknownPiece(range, EXPRESSION);
  const isArgument = /^\d+$/.test(name);
  // After `set -- …` or `shift`, and in functions, `$1` is not the script's own argument.
  if (isArgument && (scope.isInFunction || scope.get(ARGUMENTS))) return unknownPiece(range, argumentLock(`$${name}`));
  const fallback = {
    parts: partsOf(operation.operand, expansion),
    ifEmpty: operation.operator.startsWith(':'),
    owner: isArgument
      ? l10n.t`argument number ${name} of the script`
      : l10n.t`the variable ${name} outside of this text`,
  };
  return { ...own, fallback };
}

/** Text of the script, split at escapes and line ends, so that each piece matches its source exactly. */
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

/** The characters that a backslash escapes in a heredoc; a backslash and a line end are both removed. */
const BODY_ESCAPES = /\\(?:\n|([\\$`]))/g;
const BODY_RUNS = /\\[\n\\$`]|(?:[^\\\n]|\\(?![\n\\$`]))+|\n/g;
const LINES = /[^\n]+|\n/g;
const BARE_RUNS = /\\[\s\S]|[^\\\n]+|\n/g;
/** The characters that a backslash escapes in double quotes. */
const QUOTED_RUNS = /\\[\n"\\$`]|(?:[^\\\n]|\\(?![\n"\\$`]))+|\n/g;

function inexact(text: string, range: Range): SplitPiece {
  return { text, range, exact: false, quoted: true, lock: null, splits: false };
}

function rangeOf({ pos, end }: { pos: number; end: number }, { at }: Expansion): Range {
  return { start: at(pos), end: at(end) };
}
