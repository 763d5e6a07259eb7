import type { Range } from '../reading';
import { listed } from './listed';
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
/** As many as a message may name. */
const MAX_LINES = 8;

function isTooLong(held: Held): boolean {
  if (held.kind === 'unknown') return false;
  const pieces = held.kind === 'text' ? held.pieces : held.words.flatMap((word) => word.pieces);
  return pieces.length > MAX_PIECES || pieces.reduce((sum, { text }) => sum + (text?.length ?? 1), 0) > MAX_LETTERS;
}

/** The variables at one place of a script, in the order in which it would run. */
export class Scope {
  private readonly variables: Map<string, Variable>;
  /** Every line that assigns a name, wherever it stands. */
  private readonly lines: Map<string, number[]>;
  /** Why a variable is unknown that the script has not set since: `source settings.sh` may have set it. */
  private unset: Lock | null;

  constructor(from?: Scope) {
    this.variables = new Map(from?.variables);
    this.lines = from?.lines ?? new Map<string, number[]>();
    this.unset = from?.unset ?? null;
  }

  get(name: string): Variable | undefined {
    const variable = this.variables.get(name);
    return variable ?? (this.unset ? unknownVariable(name, this.unset) : undefined);
  }

  has(name: string): boolean {
    return this.variables.has(name);
  }

  /** @param isNew whether it is a line of the script that sets it */
  set(variable: Variable, isNew = true): void {
    const lines = this.lines.get(variable.name) ?? [];
    if (isNew && lines.length < MAX_LINES && !lines.includes(variable.line)) lines.push(variable.line);
    this.lines.set(variable.name, lines);
    this.variables.set(
      variable.name,
      isTooLong(variable.held) ? { ...variable, held: changing(variable.name) } : variable,
    );
  }

  /** What is set from here on stays here. */
  fork(): Scope {
    return new Scope(this);
  }

  /** What one of `branches` set otherwise than the others is no longer known; what none of them has is gone. */
  merge(branches: readonly Scope[]): void {
    this.unset = branches.find(({ unset }) => unset !== null)?.unset ?? null;
    const names = new Set(branches.flatMap(({ variables }) => [...variables.keys()]));
    for (const name of this.variables.keys()) if (!names.has(name)) this.variables.delete(name);
    for (const name of names) {
      const found = branches.map((branch) => branch.get(name));
      if (found.every((variable) => variable === found[0])) {
        if (found[0]) this.variables.set(name, found[0]);
        continue;
      }
      const known = found.find((variable) => variable !== undefined);
      if (known)
        this.set(
          { ...known, held: this.flagsOf(known, found) ?? { kind: 'unknown', lock: this.unsureLock(name) } },
          false,
        );
    }
  }

  /** What may be set again, any number of times, before the script comes here is not known. */
  forget(names: Iterable<string>, lockFor: (name: string) => Lock = changingLock): void {
    for (const name of names) {
      const variable = this.variables.get(name) ?? unknownVariable(name, lockFor(name));
      this.set({ ...variable, held: { kind: 'unknown', lock: lockFor(name) } }, false);
    }
  }

  /** Any variable may hold anything from here on. */
  forgetAll(lock: Lock): void {
    this.forget([...this.variables.keys()], () => lock);
    this.unset = lock;
  }

  /**
   * The scope as a function sees it, which may be called anywhere: what is set more than once is not known.
   * @param isSure which variables are the same wherever it is called
   */
  insideFunction(
    isSure = (name: string): boolean => (this.lines.get(name)?.length ?? 0) < 2,
    lockFor = (name: string): Lock => this.unsureLock(name),
  ): Scope {
    const inside = this.fork();
    for (const name of this.variables.keys()) if (!isSure(name)) inside.forget([name], lockFor);
    return inside;
  }

  /** What a variable holds that gathers flags, of which some are only given if a branch runs. */
  private flagsOf({ name }: Variable, found: readonly (Variable | undefined)[]): Held | null {
    const message = `This flag stands in the variable ${name}, which is ${this.where(name)}, so whether it is given is only known when the script runs.`;
    const kinds = new Set(found.flatMap((variable) => (variable ? [variable.held.kind] : [])));
    const [kind, more] = kinds;
    if (more !== undefined || kind === undefined || kind === 'unknown') return null;
    const held = found.map((variable) => {
      if (variable?.held.kind === 'list') return variable.held.words;
      return variable?.held.kind === 'text' ? wordsIn(variable.held.pieces) : [];
    });
    const words = gathered(held, { code: 'reference', message });
    if (words === null) return null;
    return kind === 'list' ? { kind, words } : { kind, pieces: asText(words) };
  }

  private unsureLock(name: string): Lock {
    const message = `The variable ${name} is ${this.where(name)}, so its value is only known when the script runs.`;
    return { code: 'reference', message };
  }

  private where(name: string): string {
    const lines = (this.lines.get(name) ?? []).toSorted((a, b) => a - b);
    return lines.length === 1
      ? `only set if line ${lines[0]} runs`
      : `set in several places (lines ${lines.join(', ')})`;
  }
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

/** The code of a lock on a word that is none unless somebody outside of the text says otherwise: `${EXTRA:-}`. */
export const MAYBE_NOTHING = 'maybe-nothing';

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
  return { kind: 'unknown', lock: changingLock(name) };
}

/** Real scripts build a variable from a handful of pieces. */
const MOST_PIECES = 200;

/** Treats a variable with too many pieces as unknown, so that no script blocks the editor. */
export function unlessTooLong(name: string, held: Held): Held {
  if (held.kind === 'unknown') return held;
  const size = held.kind === 'list' ? held.words.length : held.pieces.length;
  if (size <= MOST_PIECES) return held;
  const message = `The variable ${name} is put together of more than ${MOST_PIECES} pieces, so its value is not known here.`;
  return { kind: 'unknown', lock: { code: 'reference', message } };
}

function changingLock(name: string): Lock {
  const message = `The variable ${name} is changed while the script runs, so its value is not known here.`;
  return { code: 'reference', message };
}

/** Why a variable is unknown that `line` may assign. */
export function assignedLock(name: string, lines: readonly number[]): Lock {
  const where = lines.length === 1 ? `Line ${lines[0]} may set` : `Lines ${listed(lines.map(String))} may set`;
  return {
    code: 'reference',
    message: `${where} the variable ${name}, so its value is only known when the script runs.`,
  };
}

/** Why every variable is unknown after a line that runs a text or a file: `eval`, `source`. */
export function anythingLock(line: number): Lock {
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
