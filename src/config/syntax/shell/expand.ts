import * as l10n from '@vscode/l10n';
import type {
  DoubleQuotedChild,
  HereDoc,
  ParameterExpansionPart,
  Word as ShellWord,
  WordPart as ShellWordPart,
} from 'unbash';
import type { Range } from '../../reading';
import { REPLACED_ARGUMENTS, SHIFTED_ARGUMENTS } from './assigners';
import type { Scope } from './scope';
import { argumentLock, defaultLock, EXPRESSION, scriptArgumentsLock, unsetLock } from './variables';
import { joinPieces, splitWords, textOf, unknownPiece, type Piece, type Word } from './words';

/** Longer results come from scripts that append to a variable, and are no command lines. */
const MAX_WORDS = 5000;
/** The characters that a backslash escapes in a heredoc; a backslash and a line end are both removed. */
const BODY_ESCAPES = /\\(?:\n|([\\$`]))/g;
const BODY_RUNS = /\\[\n\\$`]|(?:[^\\\n]|\\(?![\n\\$`]))+|\n/g;
const LINES = /[^\n]+|\n/g;
const BARE_RUNS = /\\[\s\S]|[^\\\n]+|\n/g;
/** The characters that a backslash escapes in double quotes. */
const QUOTED_RUNS = /\\[\n"\\$`]|(?:[^\\\n]|\\(?![\n"\\$`]))+|\n/g;
/** Expands the words of bash. */
export class Expander {
  /** @param at from an offset of the parsed text to an offset of the file */
  constructor(
    private readonly scope: Scope,
    private readonly at: (offset: number) => number,
  ) {}

  rangeOf({ pos, end }: { pos: number; end: number }): Range {
    return { start: this.at(pos), end: this.at(end) };
  }

  /** The words of a command or an array. */
  words(words: readonly ShellWord[]): Word[] {
    const expanded: Word[] = [];
    let [pieces, pos]: [Piece[], number] = [[], 0];
    for (const [i, word] of words.entries()) {
      if (expanded.length > MAX_WORDS) break;
      // The parser ends a word before `<(…)`; without a space between them they are one: `a<(…)`.
      const [goesOn, endsHere] = [words[i - 1]?.end === word.pos, words[i + 1]?.pos !== word.end];
      if (!goesOn) [pieces, pos] = [[], word.pos];
      const list = goesOn || !endsHere ? null : this.list(word);
      pieces.push(...(list ? [] : this.pieces(word)));
      if (endsHere) expanded.push(...(list ?? joinPieces(this.rangeOf({ pos, end: word.end }), pieces)));
    }
    return expanded;
  }

  /** A word that the shell does not split: the value of an assignment. */
  value(word: ShellWord): Piece[] {
    return this.pieces(word);
  }

  /** The body of a heredoc: at least one piece for each line. */
  body({ operator, delimiter, body: { text, pos, parts } }: HereDoc): Piece[] {
    const own = (source: string, start: number): Piece[] => {
      // The shell expands nothing in a body behind `<<'EOF'`.
      const value = delimiter?.quoted ? source : source.replace(BODY_ESCAPES, '$1');
      return this.literal(value, start, source, true, BODY_RUNS);
    };
    const body = parts
      ? parts.flatMap((part) => (part.type === 'Literal' ? own(part.text, part.pos) : this.part(part, true)))
      : own(text, pos);
    let isStart = true;
    return body.map((piece) => {
      // `<<-` removes the tabs at the beginnings of lines.
      const tabs = operator === '<<-' && isStart && piece.exact ? (/^\t+/.exec(piece.text ?? '')?.[0].length ?? 0) : 0;
      isStart = piece.text?.endsWith('\n') === true;
      const { start, end } = piece.range;
      return tabs === 0
        ? piece
        : { ...piece, text: piece.text?.slice(tabs) ?? '', range: { start: start + tabs, end } };
    });
  }

  /** The words of `"${ARGS[@]}"` and `${ARGS[*]}`, alone in a word, if they are known. */
  private list({ parts: [only, more] = [] }: ShellWord): Word[] | null {
    const quoted = only?.type === 'DoubleQuoted';
    const [part, next] = quoted ? only.parts : [only];
    if (more || next || part?.type !== 'ParameterExpansion' || part.operation || part.prefix !== undefined) return null;
    if (part.index?.value !== '@' && (part.index?.value !== '*' || quoted)) return null;
    const held = this.scope.get(part.parameter);
    if (held?.kind === 'unknown')
      return [{ range: this.rangeOf(part), pieces: [unknownPiece(this.rangeOf(part), held.lock)] }];
    if (held?.kind !== 'list') return null;
    // Without quotes bash splits every element again, and drops empty ones.
    return quoted
      ? [...held.words]
      : held.words.flatMap(({ pieces }) => splitWords(pieces.map((piece) => ({ ...piece, splits: true }))));
  }

  private pieces(word: ShellWord): Piece[] {
    if (!word.parts) return this.literal(word.value, word.pos, word.text, false);
    return word.parts.flatMap((part) => this.part(part, false));
  }

  private part(part: ShellWordPart | DoubleQuotedChild, quoted: boolean): Piece[] {
    const range = this.rangeOf(part);
    switch (part.type) {
      case 'Literal':
        return this.literal(part.value, part.pos, part.text, quoted);
      case 'SingleQuoted':
        return this.literal(part.value, part.pos + 1, part.value, true);
      case 'DoubleQuoted':
        if (part.parts.length === 0) return this.literal('', part.pos + 1, '', true);
        return part.parts.flatMap((child) => this.part(child, true));
      case 'AnsiCQuoted':
        return [inexact(part.value, range)];
      case 'LocaleString':
        return part.parts.flatMap((child) => this.part(child, true));
      case 'SimpleExpansion':
        return this.reference(part.text.slice(1), range, quoted);
      case 'ParameterExpansion':
        return this.parameter(part, range, quoted);
      // Globs match file names; as values they stay as written.
      case 'Glob':
      case 'ExtendedGlob':
        return this.literal(part.text, part.pos, part.text, quoted);
      case 'CommandExpansion':
        // A comment in backticks between the lines of a command: `# a remark`.
        if (/^`\s*#[^`\n]*`$/.test(part.text)) return [{ ...inexact('', range), quoted: false, splits: !quoted }];
        return [unknownPiece(range, EXPRESSION)];
      // Braces expand to several words.
      default:
        return [unknownPiece(range, EXPRESSION)];
    }
  }

  private reference(name: string, range: Range, quoted: boolean): Piece[] {
    if (/^[@*]$/.test(name)) {
      const { isInFunction, isOpen } = this.scope;
      const areOther = isInFunction || isOpen || this.scope.isAssigned(REPLACED_ARGUMENTS);
      return [unknownPiece(range, areOther ? argumentLock(`$${name}`) : scriptArgumentsLock(`$${name}`))];
    }
    if (!/^[A-Za-z_]/.test(name)) return [unknownPiece(range, argumentLock(`$${name}`))];
    // Only the default separators of words are followed.
    if (!quoted && this.scope.isAssigned('IFS')) return [unknownPiece(range, EXPRESSION)];
    return this.scope.piecesOf(name, range, quoted, unsetLock(name));
  }

  /** `${NAME}` and `${NAME:-value}`; other expansions are unknown. */
  private parameter(part: ParameterExpansionPart, range: Range, quoted: boolean): Piece[] {
    const { parameter: name, operation, prefix, index } = part;
    const value = this.scope.get(name);
    const isOnly = value?.kind !== 'list' || value.words.length === 1;
    const isFirst = index === undefined || index.value === '0' || (/^[@*]$/.test(index.value) && isOnly);
    const hasDefault = operation?.type === 'Default' && /^:?[-=]$/.test(operation.operator);
    if (prefix !== undefined || !isFirst || (operation && !hasDefault)) return [unknownPiece(range, EXPRESSION)];
    const own = this.reference(name, range, quoted);
    const isArgument = /^\d+$/.test(name);
    const isUnset = value === undefined || (operation?.operator.startsWith(':') && isEmpty(own));
    if (!hasDefault || !isUnset || (!isArgument && !/^[A-Za-z_]/.test(name))) return own;
    // After `set -- …` or `shift`, and in functions, `$1` is not the script's own argument.
    const isOther = [REPLACED_ARGUMENTS, SHIFTED_ARGUMENTS].some((key) => this.scope.isAssigned(key));
    if (isArgument && (isOther || this.scope.isInFunction)) return own;
    const owner = isArgument
      ? l10n.t`argument number ${name} of the script`
      : l10n.t`the variable ${name} outside of this text`;
    const text = textOf({ range, pieces: this.pieces(operation.operand) });
    return [{ ...unknownPiece(range, defaultLock(owner, text)), text, splits: !quoted }];
  }

  /** Text of the script, split at escapes and line ends, so that each piece matches its source exactly. */
  private literal(
    value: string,
    pos: number,
    source: string,
    quoted: boolean,
    escapes = quoted ? QUOTED_RUNS : BARE_RUNS,
  ): Piece[] {
    const piece = (text: string, start: number, end: number, exact: boolean): Piece => {
      const range = this.rangeOf({ pos: pos + start, end: pos + end });
      return { text, range, exact, quoted, lock: null };
    };
    if (value === source && !value.includes('\n')) return [piece(value, 0, source.length, true)];
    const runs = value === source ? LINES : escapes;
    const pieces = [...source.matchAll(runs)].map(({ 0: run, index }) => {
      const isEscape = value !== source && run.startsWith('\\');
      const text = isEscape ? run.slice(run.endsWith('\n') ? 2 : 1) : run;
      return piece(text, index, index + run.length, !isEscape);
    });
    const isSame = pieces.map(({ text }) => text).join('') === value;
    return isSame ? pieces : [inexact(value, this.rangeOf({ pos, end: pos + source.length }))];
  }
}

const isEmpty = (pieces: readonly Piece[]): boolean => pieces.every(({ text }) => text === '');

function inexact(text: string, range: Range): Piece {
  return { text, range, exact: false, quoted: true, lock: null };
}
