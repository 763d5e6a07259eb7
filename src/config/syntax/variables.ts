import type { Range } from '../reading';
import { listed } from './listed';
import type { Places } from './places';
import type { Lock, Origin, ScalarNode } from './tree';
import { asText, gathered, wordsIn } from './unsure-words';
import { wordOf, type Piece, type Word } from './words';

/** What a variable of a script holds, as far as its text tells. */
export type Held =
  | { kind: 'text'; pieces: readonly Piece[] }
  | { kind: 'list'; words: readonly Word[] }
  /** Only known when the script runs; the lock says why. */
  | { kind: 'unknown'; lock: Lock };

export interface Variable {
  name: string;
  held: Held;
  /** One-based line of the assignment. */
  line: number;
  /** Of the name, where it is assigned. */
  nameRange: Range;
  /** Set if the variable is assigned once, and to a number. */
  literal?: Literal;
}

/** The number that a variable is assigned, and the places that may use it. */
export interface Literal {
  node: ScalarNode;
  uses: readonly { offset: number; line: number }[];
}

/** Longer values come from scripts that append a variable to itself, and double it with every line. */
const MAX_PIECES = 2000;
const MAX_LETTERS = 20_000;

function isTooLong(held: Held): boolean {
  if (held.kind === 'unknown') return false;
  const pieces = held.kind === 'text' ? held.pieces : held.words.flatMap((word) => word.pieces);
  return pieces.length > MAX_PIECES || pieces.reduce((sum, { text }) => sum + (text?.length ?? 1), 0) > MAX_LETTERS;
}

/** `branch`: may run or not. `loop`: may run again. `function`: runs elsewhere. `apart`: has variables of its own. */
export type BlockKind = 'branch' | 'loop' | 'function' | 'apart';

interface Block {
  kind: BlockKind;
  range: Range;
  /** What each variable held before that is assigned in the block. */
  before: Map<string, Variable | undefined>;
  /** All variables before the block, if it has variables of its own. */
  outside: ReadonlyMap<string, Variable> | null;
}

/**
 * The variables of a script, read from its first line to its last. A variable that is assigned in a block is known to
 * the end of the block:
 *
 *     if [ $1 ]; then
 *       LR=1e-4
 *       train --lr $LR    1e-4
 *     fi
 *     train --lr $LR      unknown, because line 2 may run or not
 */
export class Scope {
  private readonly held = new Map<string, Variable>();
  private readonly blocks: Block[] = [];
  /** Why a variable is unknown that the script has not set since: `source settings.sh` may have set it. */
  private unset: Lock | null = null;

  constructor(private readonly places: Places) {}

  /** Whether the place that is read is in a function, which has arguments of its own. */
  get isInFunction(): boolean {
    return this.blocks.some(({ kind }) => kind === 'function');
  }

  get(name: string): Variable | undefined {
    const variable = this.held.get(name);
    if (variable) return variable;
    if (this.unset) return unknownVariable(name, this.unset);
    // A later place may have run before, if the block that is read can run again.
    const mayBeSet =
      this.places.of(name).length > 0 && this.blocks.some(({ kind }) => kind === 'loop' || kind === 'function');
    return mayBeSet ? unknownVariable(name, this.assigned(name)) : undefined;
  }

  set(variable: Variable): void {
    const { name, held } = variable;
    const places = this.places.of(name);
    const roams = places.length > 1 && places.some((place) => place.roams);
    if (roams) this.hold({ ...variable, held: { kind: 'unknown', lock: this.assigned(name) } });
    else this.hold(this.places.opaque.has(name) || isTooLong(held) ? { ...variable, held: changing(name) } : variable);
  }

  enter(kind: BlockKind, range: Range): void {
    const outside = kind === 'function' || kind === 'apart' ? new Map(this.held) : null;
    this.blocks.push({ kind, range, before: new Map(), outside });
    if (kind === 'branch' || kind === 'apart') return;
    // A function may be called anywhere behind it.
    const again = kind === 'function' ? { start: range.start, end: Infinity } : range;
    this.forgetAllIn(again);
    for (const name of this.held.keys()) {
      if (this.places.isWithin(name, again)) this.forget(name);
    }
  }

  leave(): void {
    const block = this.blocks.pop();
    if (!block) return;
    const { before, outside, kind, range } = block;
    const inside = new Map([...before.keys()].map((name) => [name, this.held.get(name)]));
    if (outside) {
      for (const name of this.held.keys()) if (!outside.has(name)) this.held.delete(name);
      for (const variable of outside.values()) this.held.set(variable.name, variable);
    }
    if (kind !== 'branch') this.forgetAllIn(range);
    if (kind === 'apart') return;
    for (const [name, own] of inside) {
      if (own) this.hold({ ...own, held: this.unsure(name, before.get(name), own) });
    }
  }

  /** What a part of a script may set, other than by `NAME=value`, is unknown from here on. */
  forgetIn(range: Range): void {
    for (const { name, isPlain } of this.places.within(range)) {
      if (name !== null && !isPlain) this.forget(name, assignedLock(name, this.places.lines(name, range)));
    }
    this.forgetAllIn(range);
  }

  forget(name: string, lock = this.assigned(name)): void {
    this.hold({ ...(this.held.get(name) ?? unknownVariable(name, lock)), held: { kind: 'unknown', lock } });
  }

  /** Any variable may hold anything behind this line. */
  forgetAll(line: number): void {
    const lock = anythingLock(line);
    for (const name of this.held.keys()) this.forget(name, lock);
    this.unset = lock;
  }

  private forgetAllIn(range: Range): void {
    const [line] = this.places.lines(null, range);
    if (line !== undefined) this.forgetAll(line);
  }

  /** The variable as the script leaves it, for other scripts: unknown if several places may set it. */
  whole(variable: Variable): Variable {
    return { ...variable, held: { kind: 'unknown', lock: this.assigned(variable.name) } };
  }

  private hold(variable: Variable): void {
    const { name } = variable;
    const before = this.blocks.at(-1)?.before;
    if (before && !before.has(name)) before.set(name, this.held.get(name));
    this.held.set(name, variable);
  }

  private assigned(name: string): Lock {
    return assignedLock(name, this.places.lines(name));
  }

  /** What a variable holds after a block that may have assigned it. */
  private unsure(name: string, before: Variable | undefined, inside: Variable): Held {
    return this.flagsOf(name, before, inside) ?? { kind: 'unknown', lock: this.unsureLock(name) };
  }

  /** The flags that a variable gathers, of which some are only given if a branch runs. */
  private flagsOf(name: string, before: Variable | undefined, inside: Variable): Held | null {
    const { kind } = inside.held;
    if (kind === 'unknown' || (before && before.held.kind !== kind)) return null;
    const words = gathered([before ? flagWords(before.held) : [], flagWords(inside.held)], this.unsureFlag(name));
    if (words === null) return null;
    return kind === 'list' ? { kind, words } : { kind, pieces: asText(words) };
  }

  private unsureFlag(name: string): Lock {
    const message = `This flag stands in the variable ${name}, which is ${this.where(name)}, so whether it is given is only known when the script runs.`;
    return { code: 'reference', message };
  }

  private unsureLock(name: string): Lock {
    const message = `The variable ${name} is ${this.where(name)}, so its value is only known when the script runs.`;
    return { code: 'reference', message };
  }

  private where(name: string): string {
    const lines = this.places.lines(name);
    return lines.length === 1
      ? `only set if line ${lines[0]} runs`
      : `set in several places (lines ${lines.join(', ')})`;
  }
}

function flagWords(held: Held): readonly Word[] {
  if (held.kind === 'list') return held.words;
  return held.kind === 'text' ? wordsIn(held.pieces) : [];
}

/** The text of a variable, or null where it is not known or a list. */
export function textOfVariable(variable: Variable | undefined): string | null {
  if (variable?.held.kind !== 'text') return null;
  return variable.held.pieces.some(({ text }) => text === null)
    ? null
    : variable.held.pieces.map(({ text }) => text).join('');
}

/**
 * Origin of a value that a variable stands for at `range`, and the lock that says why the value is not written there.
 */
export function taken({ name, line, literal }: Variable, range: Range): { lock: Lock; origin?: Origin } {
  const from = `This value comes from the variable ${name}, which is set in line ${line}`;
  const there: Lock = { code: 'reference', message: `${from}; change it there.` };
  if (!literal) return { lock: there };
  const { node, uses } = literal;
  const others = uses.filter(({ offset }) => offset < range.start || offset >= range.end);
  const lines = [...new Set(others.map((use) => use.line))];
  const also = `and also used in ${lines.length === 1 ? 'line' : 'lines'} ${listed(lines.map(String))}`;
  const lock = lines.length === 0 ? there : { ...there, message: `${from} ${also}; write a number here first.` };
  return { lock, origin: { node, uses: uses.length, also: '' } };
}

/** Why a value is unknown whose variable the text does not set. */
export function unsetLock(name: string): Lock {
  return {
    code: 'reference',
    message: `This value comes from ${name}, which is not set in this text.`,
  };
}

/** The code of {@link scriptArgumentsLock}. */
export const SCRIPT_ARGUMENTS = 'script-arguments';

/** Lock for arguments that the script is called with: `$@`, `%*`, `@args`. */
export function scriptArgumentsLock(name: string): Lock {
  return { ...argumentLock(name), code: SCRIPT_ARGUMENTS };
}

/** Why the value of an argument of the script, or of one of its functions, is unknown. */
export function argumentLock(name: string): Lock {
  return {
    code: 'reference',
    message: `This value is ${name}, an argument that is only known when the script or the function is called.`,
  };
}

/** Why the value of a loop's variable is unknown. */
export function loopLock(name: string, values: readonly string[], line: number): Lock {
  const which = values.length === 0 ? 'several values' : listed(values);
  return {
    code: 'loop',
    message: `The loop in line ${line} runs this command with ${name} = ${which}; each is a run of its own.`,
  };
}

/** Why the value of a computation is not written to, or not known. */
export const EXPRESSION: Lock = {
  code: 'expression',
  message: 'This value is computed; write a number in its place before it is changed.',
};

/** Why a value is not written to that several commands take. */
export function sharedLock(commands: number): Lock {
  return {
    code: 'shared',
    message: `${commands} commands of this script take this one value; give each its own first.`,
  };
}

/** What a variable holds that is changed while the script runs. */
export function changing(name: string): Held {
  const message = `The variable ${name} is changed while the script runs, so its value is not known here.`;
  return { kind: 'unknown', lock: { code: 'reference', message } };
}

/** Why a variable is unknown that `line` may assign. */
function assignedLock(name: string, lines: readonly number[]): Lock {
  const where = lines.length === 1 ? `Line ${lines[0]} may set` : `Lines ${listed(lines.map(String))} may set`;
  return {
    code: 'reference',
    message: `${where} the variable ${name}, so its value is only known when the script runs.`,
  };
}

/** Why every variable is unknown after a line that runs a text or a file: `eval`, `source`. */
function anythingLock(line: number): Lock {
  return {
    code: 'reference',
    message: `Line ${line} may set any variable, so this value is only known when the script runs.`,
  };
}

function unknownVariable(name: string, lock: Lock): Variable {
  return { name, held: { kind: 'unknown', lock }, line: 0, nameRange: { start: 0, end: 0 } };
}

/** `ARGS+=(--lora_rank 8)`, `ARGS+=" --lora_rank 8"`. */
export function appended(before: Held | undefined, added: Held): Held {
  if (!before) return added;
  if (before.kind === 'unknown' || added.kind === 'unknown') return before.kind === 'unknown' ? before : added;
  if (added.kind === 'list') {
    const own: readonly Word[] = before.kind === 'list' ? before.words : [wordOf(before.pieces)];
    return { kind: 'list', words: [...own, ...added.words] };
  }
  if (before.kind === 'list') return before;
  return { kind: 'text', pieces: [...before.pieces, ...added.pieces] };
}
