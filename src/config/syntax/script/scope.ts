import type { Range } from '../../reading';
import type { Mentions } from './mentions';
import type { Places } from './places';
import type { Script } from './script';
import type { Lock } from '../tree';
import { flagsAmong } from './unsure-words';
import { anyVariableLock, assignedLock, loopLock, type VariableValue, type Variable } from './variables';
import { splitWords, textOf, type Word } from './words';

/** Longer values come from variables that double each other, and are not command lines. */
const MAX_LETTERS = 20_000;

/**
 * The variables of a script, read from its first line to its last. A variable is known if one place assigns it, and only
 * up to the end of the block with that assignment:
 *
 *     if [ $1 ]; then
 *       LR=1e-4
 *       train --lr $LR    1e-4
 *     fi
 *     train --lr $LR      unknown, because line 2 may run or not
 */
export class ScriptScope {
  private readonly held = new Map<string, { variable: Variable; number: number }>();
  /** How many variables were held so far, and how many of them may have changed since: `source settings.sh`. */
  private count = 0;
  private changed = 0;
  private readonly blocks: { isFunction: boolean; names: string[] }[] = [];
  /** The words of all values that a variable may have, if it has several. */
  private readonly words = new Map<string, Word[]>();
  /** Why a variable is unknown that the script has not set since: `source settings.sh` may have set it. */
  private unset: Lock | null = null;
  /** The variable whose value is read: `LR=${LR:-1e-4}`. */
  private assigning: string | null = null;

  constructor(
    private readonly script: Script,
    private readonly places: Places,
    private readonly mentions: Mentions,
  ) {}

  /** Whether the current position is in a function, which has its own arguments. */
  get isInFunction(): boolean {
    return this.blocks.some(({ isFunction }) => isFunction);
  }

  /** Whether a place of the script may assign the variable. */
  isAssigned(name: string): boolean {
    return this.places.of(name).length > 0;
  }

  get(name: string): Variable | undefined {
    const variable = this.heldAs(name);
    if (variable) return variable;
    const count = this.places.of(name).length;
    if (count > 1 || (count === 1 && name !== this.assigning)) return this.unknown(name, this.assigned(name));
    return this.unset ? this.unknown(name, this.unset) : undefined;
  }

  /**
   * `NAME=value`.
   * @param read reads the value
   * @param isOwn whether the assignment has no other effect, such as exporting the variable
   */
  assign(name: string, nameRange: Range, read: () => VariableValue, isOwn = true): void {
    this.assigning = name;
    const held = read();
    this.assigning = null;
    const line = this.script.lineAt(nameRange.start);
    const isKnown = this.places.isSingle(name) && sizeOf(held) < MAX_LETTERS;
    const own = isKnown ? held : this.unsure(name, held);
    const literal =
      isOwn && isKnown && !this.places.areOpen ? this.mentions.literal(name, nameRange.start, own) : undefined;
    const variable: Variable = { name, held: own, line, nameRange, ...(literal && { literal }) };
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
  block(range: Range, read: () => void, isFunction = false): void {
    this.runs(range);
    this.blocks.push({ isFunction, names: [] });
    read();
    for (const name of this.blocks.pop()?.names ?? []) {
      const variable = this.heldAs(name);
      if (variable) this.unsure(name, variable.held);
      this.held.delete(name);
    }
  }

  /** Notes that a part of the script runs; after `source settings.sh`, any variable may have changed. */
  runs(range: Range): void {
    const [line] = this.places.lines(null, range);
    if (line !== undefined) this.forget(line);
  }

  /** Any variable may have changed in this line. */
  forget(line: number): void {
    this.unset = anyVariableLock(line);
    this.changed = this.count;
  }

  private heldAs(name: string): Variable | undefined {
    const held = this.held.get(name);
    if (!held || !this.unset || held.number > this.changed) return held?.variable;
    return { ...held.variable, held: { kind: 'unknown', lock: this.unset } };
  }

  private hold(variable: Variable): void {
    this.blocks.at(-1)?.names.push(variable.name);
    this.count += 1;
    this.held.set(variable.name, { variable, number: this.count });
  }

  /** One of several values: unknown, except for the flags that it may contain. */
  private unsure(name: string, held: VariableValue): VariableValue {
    const words = this.words.get(name) ?? [];
    if (words.length < MAX_WORDS) words.push(...wordsOf(held));
    this.words.set(name, words);
    return this.unknown(name, this.assigned(name)).held;
  }

  private unknown(name: string, lock: Lock): Variable {
    const flags = (): Word[] => flagsAmong(this.words.get(name) ?? [], lock);
    return { name, held: { kind: 'unknown', lock, flags }, line: 0, nameRange: { start: 0, end: 0 } };
  }

  private assigned(name: string): Lock {
    return assignedLock(name, this.places.lines(name));
  }
}

/** More words come from scripts that append to a variable in every line. */
const MAX_WORDS = 500;

function wordsOf(held: VariableValue): readonly Word[] {
  if (held.kind === 'list') return held.words;
  return held.kind === 'text' ? splitWords(held.pieces.map((piece) => ({ ...piece, splits: true }))) : [];
}

function sizeOf(held: VariableValue): number {
  if (held.kind === 'unknown') return 0;
  const pieces = held.kind === 'text' ? held.pieces : held.words.flatMap((word) => word.pieces);
  return pieces.reduce((sum, { text }) => sum + (text?.length ?? 0) + 10, 0);
}
