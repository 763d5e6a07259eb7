import type { Range } from '../../reading';
import type { Lock } from '../tree';
import type { Assigners } from './assigners';
import type { Script } from './script';
import {
  anyVariableLock,
  assignedLock,
  EXPRESSION,
  loopLock,
  MAYBE_FLAGS,
  usedLock,
  type Literal,
  type Variable,
  type VariableValue,
} from './variables';
import { OUTSIDE_DEFAULT, scalarOf, textOf, unknownPiece, wordOf, type Piece, type Word } from './words';

/** The largest number of lines that a message names. */
const MAX_LINES = 8;
/** Longer values come from variables that double each other, and are not command lines. */
const MAX_LETTERS = 20_000;
/** How many characters before a name are looked at. */
const AROUND = 300;

/** How scripts of one shell refer to variables. */
export interface Naming {
  /** Matches text that ends in the sign before a variable: `${` of `${ALPHA}`. */
  sign: RegExp;
  /** Matches a script in which a bare name may be read: `$((ALPHA * 2))`. */
  bare: RegExp;
  /** Matches a script that may read variables, or pass them to programs, without naming them: `${!NAME}`, `set -a`. */
  unnamed: RegExp;
  /** In bash, a list in a word is its first item; in PowerShell, all items. */
  isFirstOfList: boolean;
}

/** The beginning of a line after which everything is a comment. */
const COMMENT = /(?:^|\s)#[^$]{0,300}$/;
/** `--lora_` of `--lora_alpha`, `model.` of `model.alpha`: what follows is part of a flag's name. */
const IN_FLAG = /(?:^|[\s"'`(])--[\w.-]*$|\.$/;

/**
 * The variables of a script, read from its first line to its last. A variable is known if one place of the script assigns
 * it and no code may assign any variable, and only up to the end of the block with that assignment:
 *
 *     if [ $1 ]; then
 *       LR=1e-4
 *       train --lr $LR    1e-4
 *     fi
 *     train --lr $LR      unknown, because line 2 may run or not
 */
export class Scope {
  private readonly held = new Map<string, Variable>();
  private readonly blocks: { isFunction: boolean; names: string[] }[] = [];
  /** The variable whose value is read: `LR=${LR:-1e-4}`. */
  private assigning: string | null = null;
  /** Offsets of every word of the script, in lower case. */
  private mentions: Map<string, number[]> | null = null;

  constructor(
    readonly script: Script,
    private readonly assigners: Assigners,
    private readonly naming: Naming,
  ) {}

  /** Whether the current position is in a function, which has its own arguments. */
  get isInFunction(): boolean {
    return this.blocks.some(({ isFunction }) => isFunction);
  }

  /** Whether code of the script may assign any variable. */
  get isOpen(): boolean {
    return this.assigners.anything !== null;
  }

  /** Whether a place of the script may assign the variable. */
  isAssigned(name: string): boolean {
    return this.assigners.of(name).length > 0;
  }

  /** The value of a variable here; undefined if the script does not set it. */
  get(name: string): VariableValue | undefined {
    const { anything } = this.assigners;
    if (anything !== null) return { kind: 'unknown', lock: anyVariableLock(this.script.lineAt(anything)) };
    const held = this.held.get(name)?.held;
    const places = this.assigners.of(name).length;
    return held ?? (places > 1 || (places === 1 && name !== this.assigning) ? this.unknown(name) : undefined);
  }

  /**
   * `NAME=value`.
   * @param read reads the value
   * @param isOwn whether the assignment has no other effect, such as exporting the variable
   */
  assign(name: string, nameRange: Range, read: () => VariableValue, isOwn = true): void {
    this.assigning = name;
    const value = read();
    this.assigning = null;
    const isKnown = this.assigners.of(name).length === 1 && sizeOf(value) < MAX_LETTERS;
    const held = isKnown ? value : this.unknown(name);
    const literal = isOwn && isKnown ? this.literal(name, nameRange.start, held) : null;
    const line = this.script.lineAt(nameRange.start);
    const variable: Variable = { name, held, line, nameRange, ...(literal && { literal }) };
    this.hold(variable);
    this.script.assigned(variable);
  }

  /** The variable of a loop over `words`. */
  loop(name: string, nameRange: Range, words: readonly Word[]): void {
    const texts = words.map(textOf);
    const line = this.script.lineAt(nameRange.start);
    const lock = loopLock(name, texts.every((text) => text !== null) ? texts : [], line);
    this.hold({ name, held: { kind: 'unknown', lock }, line, nameRange });
  }

  /** Reads code that may not run, or run again, or run later: a branch, a loop, a function. */
  block(read: () => void, isFunction = false): void {
    this.blocks.push({ isFunction, names: [] });
    read();
    for (const name of this.blocks.pop()?.names ?? []) this.held.delete(name);
  }

  /**
   * What a variable is in a word.
   * @param quoted whether its value stays one word
   * @param unset why the value is unknown if the script does not set the variable
   */
  piecesOf(name: string, range: Range, quoted: boolean, unset: Lock): Piece[] {
    const value = this.get(name);
    const variable = this.held.get(name);
    if (value?.kind === 'unknown' || !variable) {
      const lock = value?.kind === 'unknown' ? value.lock : unset;
      // A quoted value is one word, so it holds no flags.
      const isText = quoted && lock.code === MAYBE_FLAGS;
      return [unknownPiece(range, isText ? { ...lock, code: 'reference' } : lock)];
    }
    const { held, literal } = variable;
    const [first, ...more] = held.kind === 'list' ? held.words : [];
    if (held.kind === 'list' && more.length > 0 && !this.naming.isFirstOfList) return [unknownPiece(range, EXPRESSION)];
    const pieces = held.kind === 'text' ? held.pieces : (first?.pieces ?? []);
    // A value of several words keeps the range of each.
    const isSeveral = held.kind === 'text' && /\s\S/.test(pieces.map(({ text }) => text ?? '').join(''));
    if (isSeveral && !quoted) return pieces.map((piece) => ({ ...piece, splits: piece.text !== null }));
    const unknown = pieces.find(({ text }) => text === null)?.lock;
    if (unknown) return [unknownPiece(range, unknown)];
    const lock = usedLock(variable, this.script.lineAt(range.start));
    const piece = { text: textOf({ range, pieces }), range, exact: false, quoted: false, lock, splits: !quoted };
    if (pieces.some((own) => own.lock?.code === OUTSIDE_DEFAULT)) {
      return [{ ...piece, lock: { ...lock, code: OUTSIDE_DEFAULT } }];
    }
    return [literal ? { ...piece, origin: { node: literal.node, uses: literal.uses, also: '' } } : piece];
  }

  private hold(variable: Variable): void {
    this.blocks.at(-1)?.names.push(variable.name);
    this.held.set(variable.name, variable);
  }

  private unknown(name: string): VariableValue {
    const offsets = this.assigners.of(name).slice(0, MAX_LINES);
    const lock = assignedLock(name, [...new Set(offsets.map((offset) => this.script.lineAt(offset)))]);
    const code = this.assigners.withFlags.has(name) ? MAYBE_FLAGS : lock.code;
    return { kind: 'unknown', lock: { ...lock, code } };
  }

  /**
   * The number that a variable is assigned once, and the places that may use it; null if the value is no literal number,
   * or if code may read the variable without naming it. The plain text is searched, including quotes, heredocs and
   * arithmetic, so code that is not understood counts as a use.
   */
  private literal(name: string, at: number, held: VariableValue): Literal | null {
    const { source } = this.script;
    if (held.kind !== 'text' || this.naming.unnamed.test(source)) return null;
    const node = scalarOf(source, wordOf(held.pieces));
    if (node.lock !== null || typeof node.value !== 'number') return null;
    this.mentions ??= wordsOf(source);
    const readsBare = this.naming.bare.test(source);
    const uses = (this.mentions.get(name.toLowerCase()) ?? []).filter((offset) => {
      const before = source.slice(Math.max(0, offset - AROUND), offset);
      if (offset === at || this.naming.sign.test(before)) return offset !== at;
      const line = before.slice(before.lastIndexOf('\n') + 1);
      return readsBare && !COMMENT.test(line) && !IN_FLAG.test(before);
    });
    const lines = uses.map((offset) => this.script.lineAt(offset));
    const shared = new Set(lines.filter((line, i) => line === lines[i - 1]));
    return { node, uses: uses.length, lines: [...new Set(lines)], shared };
  }
}

function wordsOf(source: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { 0: word, index } of source.matchAll(/[A-Za-z_]\w*/g)) {
    const known = found.get(word.toLowerCase());
    if (known) known.push(index);
    else found.set(word.toLowerCase(), [index]);
  }
  return found;
}

function sizeOf(held: VariableValue): number {
  if (held.kind === 'unknown') return 0;
  const pieces = held.kind === 'text' ? held.pieces : held.words.flatMap((word) => word.pieces);
  return pieces.reduce((sum, { text }) => sum + (text?.length ?? 0) + 10, 0);
}
