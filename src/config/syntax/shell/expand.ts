import type { DoubleQuotedChild, HereDoc, ParameterExpansionPart, Word as ShellWord, WordPart } from 'unbash';
import type { Range } from '../../reading';
import { argumentLock, defaultLock, ESCAPED, EXPRESSION, SCRIPT_ARGUMENTS } from './locks';
import type { Script } from './script';
import { joinPieces, splitWords, textOf, unknownPiece, type Piece, type Word } from './words';

/** The name under which the script's own arguments are assigned: `set -- 8`. */
export const ARGUMENTS = '@';
/** Longer results come from scripts that append to a variable, and are no command lines. */
const MAX_WORDS = 5000;
const LINES = /[^\n]+|\n/g;
const BARE_RUNS = /\\[\s\S]|[^\\\n]+|\n/g;
/** The characters that a backslash escapes in double quotes; a backslash and a line end are both removed. */
const QUOTED_RUNS = /\\[\n"\\$`]|(?:[^\\\n]|\\(?![\n"\\$`]))+|\n/g;

export class Expander {
  /** @param at from an offset of the parsed text to an offset of the file */
  constructor(
    private readonly script: Script,
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

  body({ delimiter, body: { text, pos, parts } }: HereDoc): Piece[] {
    const own = (source: string, start: number): Piece[] =>
      // The shell expands nothing in a body behind `<<'EOF'`.
      this.literal(delimiter?.quoted ? source : source.replace(/\\(?:\n|([\\$`]))/g, '$1'), start, source, true);
    if (!parts) return own(text, pos);
    return parts.flatMap((part) => (part.type === 'Literal' ? own(part.text, part.pos) : this.part(part, true)));
  }

  /** The words of `"${ARGS[@]}"` and `${ARGS[*]}`, alone in a word, if they are known. */
  private list({ parts: [only, more] = [] }: ShellWord): Word[] | null {
    const quoted = only?.type === 'DoubleQuoted';
    const [part, next] = quoted ? only.parts : [only];
    if (more || next || part?.type !== 'ParameterExpansion' || part.operation || part.prefix !== undefined) return null;
    if (part.index?.value !== '@' && (part.index?.value !== '*' || quoted)) return null;
    const held = this.script.get(part.parameter);
    const range = this.rangeOf(part);
    if (held && 'lock' in held) return [{ range, pieces: [unknownPiece(range, held.lock)] }];
    if (!held?.isList) return null;
    // Without quotes bash splits every element again, and drops empty ones.
    return quoted
      ? [...held.words]
      : held.words.flatMap(({ pieces }) => splitWords(pieces.map((piece) => ({ ...piece, splits: true }))));
  }

  /** The pieces of one word that the shell does not split: the value of an assignment. */
  pieces(word: ShellWord): Piece[] {
    if (!word.parts) return this.literal(word.value, word.pos, word.text, false);
    return word.parts.flatMap((part) => this.part(part, false));
  }

  private part(part: WordPart | DoubleQuotedChild, quoted: boolean): Piece[] {
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
        return [{ text: part.value, range, lock: ESCAPED }];
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
        if (/^`\s*#[^`\n]*`$/.test(part.text)) return [{ text: '', range, lock: ESCAPED, splits: !quoted }];
    }
    // Of others, braces expand to several words.
    return [unknownPiece(range, EXPRESSION)];
  }

  private reference(name: string, range: Range, quoted: boolean): Piece[] {
    const { places, anything } = this.script.assigners;
    if (!/^[A-Za-z_]/.test(name)) {
      const isOwn = /^[@*]$/.test(name) && !this.script.isInFunction && anything === null && !places.has(ARGUMENTS);
      const lock = argumentLock(this.script.source.slice(range.start, range.end));
      return [unknownPiece(range, isOwn ? { ...lock, code: SCRIPT_ARGUMENTS } : lock)];
    }
    // Only the default separators of words are followed.
    if (!quoted && places.has('IFS')) return [unknownPiece(range, EXPRESSION)];
    return this.script.piecesOf(name, range, quoted);
  }

  /** `${NAME}` and `${NAME:-value}`; other expansions are unknown. */
  private parameter(part: ParameterExpansionPart, range: Range, quoted: boolean): Piece[] {
    const { parameter: name, operation, prefix, index } = part;
    const held = this.script.get(name);
    const isOnly = !held || 'lock' in held || held.words.length === 1;
    const isFirst = index === undefined || index.value === '0' || (/^[@*]$/.test(index.value) && isOnly);
    const preset = operation?.type === 'Default' && /^:?-$/.test(operation.operator) ? operation : null;
    if (prefix !== undefined || !isFirst || (operation && !preset)) return [unknownPiece(range, EXPRESSION)];
    const own = this.reference(name, range, quoted);
    const isEmpty = preset?.operator === ':-' && own.every(({ text }) => text === '');
    if (!preset || (held && !isEmpty) || !/^[A-Za-z_]/.test(name)) return own;
    const text = textOf({ range, pieces: this.pieces(preset.operand) });
    return [{ text, range, lock: defaultLock(name, text), splits: !quoted }];
  }

  /** Text of the script, split at escapes and line ends, so that each piece matches its source exactly. */
  private literal(value: string, pos: number, source: string, quoted: boolean): Piece[] {
    const piece = (text: string, start: number, end: number, isExact: boolean): Piece => {
      const range = this.rangeOf({ pos: pos + start, end: pos + end });
      return { text, range, lock: isExact ? null : ESCAPED };
    };
    if (value === source && !value.includes('\n')) return [piece(value, 0, source.length, true)];
    const runs = value === source ? LINES : quoted ? QUOTED_RUNS : BARE_RUNS;
    const pieces = [...source.matchAll(runs)].map(({ 0: run, index }) => {
      const isEscape = value !== source && run.startsWith('\\');
      const text = isEscape ? run.slice(run.endsWith('\n') ? 2 : 1) : run;
      return piece(text, index, index + run.length, !isEscape);
    });
    const isSame = pieces.map(({ text }) => text).join('') === value;
    return isSame ? pieces : [piece(value, 0, source.length, false)];
  }
}
