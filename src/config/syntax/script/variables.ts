import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { listed } from '../listed';
import { countWhile } from '../search';
import type { Lock, Origin, ScalarNode } from '../tree';
import type { Piece, Word } from './words';

/** The value of a variable of a script, as far as the script tells. */
export type VariableValue =
  | { kind: 'text'; pieces: readonly Piece[] }
  | { kind: 'list'; words: readonly Word[] }
  /** Only known when the script runs; the lock says why, and `flags()` finds the flags that may be among its words. */
  | { kind: 'unknown'; lock: Lock; flags?: () => readonly Word[] };

export interface Variable {
  name: string;
  held: VariableValue;
  /** One-based line of the assignment. */
  line: number;
  /** Range of the name at the assignment. */
  nameRange: Range;
  /** Set if the variable is assigned once, and to a number. */
  literal?: Literal;
}

/** The number that a variable is assigned, and the places that may use it, in the order of the script. */
export interface Literal {
  node: ScalarNode;
  uses: readonly { offset: number; line: number }[];
  /** The lines of these places, each with its number of places. */
  lines: ReadonlyMap<number, number>;
}

/** The code of a lock on a word that is empty unless a variable is set outside of the script: `${EXTRA:-}`. */
export const MAYBE_EMPTY = 'maybe-nothing';

/** The code of a lock on a variable that may hold more flags than the script gives it. */
export const MAYBE_FLAGS = 'maybe-flags';

/** The text of a variable, or null if it is unknown or a list. */
export function textOfVariable(variable: Variable | undefined): string | null {
  if (variable?.held.kind !== 'text') return null;
  return variable.held.pieces.some(({ text }) => text === null)
    ? null
    : variable.held.pieces.map(({ text }) => text).join('');
}

/**
 * The origin of the value of a variable used at `range`, and the lock that says why the value is not written there.
 */
export function usedVariable({ name, line, literal }: Variable, range: Range): { lock: Lock; origin?: Origin } {
  const there: Lock = {
    code: 'reference',
    message: l10n.t`This value comes from the variable ${name}, set in line ${line}. Change it there.`,
  };
  if (!literal) return { lock: there };
  const { node, uses, lines } = literal;
  const own = uses.slice(
    countWhile(uses, ({ offset }) => offset < range.start),
    countWhile(uses, ({ offset }) => offset < range.end),
  );
  const alone = own[0] && lines.get(own[0].line) === own.length ? own[0].line : null;
  const count = lines.size - (alone === null ? 0 : 1);
  const lock = count === 0 ? there : { ...there, message: sharedVariable(name, line, beside(lines, alone), count) };
  return { lock, origin: { node, uses: uses.length, also: '' } };
}

/** The largest number of lines that a sentence names. */
const MOST_LINES = 6;

/** The first lines other than `alone`, not all: with thousands of lines, each one's message would name all others. */
function beside(lines: ReadonlyMap<number, number>, alone: number | null): string[] {
  const first: string[] = [];
  for (const line of lines.keys()) {
    if (first.length > MOST_LINES) break;
    if (line !== alone) first.push(String(line));
  }
  return first;
}

function sharedVariable(name: string, line: number, first: readonly string[], count: number): string {
  const lines = listed(first, MOST_LINES, undefined, count);
  return count === 1
    ? l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in line ${lines}. Write a number here first.`
    : l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in lines ${lines}. Write a number here first.`;
}

/** The lock of a value whose variable the file does not set. */
export function unsetLock(name: string): Lock {
  return {
    code: 'reference',
    message: l10n.t`This value comes from ${name}, which this file does not set.`,
  };
}

/** The code of {@link scriptArgumentsLock}. */
export const SCRIPT_ARGUMENTS = 'script-arguments';

/** The lock of the script's own arguments: `$@`, `%*`, `@args`. */
export function scriptArgumentsLock(name: string): Lock {
  return { ...argumentLock(name), code: SCRIPT_ARGUMENTS };
}

/** The lock of an argument of the script, or of one of its functions. */
export function argumentLock(name: string): Lock {
  return {
    code: 'reference',
    message: l10n.t`This value is ${name}, an argument of the script or function, so it is not in this file.`,
  };
}

/** The lock of a loop's variable. */
export function loopLock(name: string, values: readonly string[], line: number): Lock {
  const which = values.length === 0 ? l10n.t('several values') : listed(values);
  return {
    code: 'loop',
    message: l10n.t`The loop in line ${line} runs this command with ${name} = ${which}; each is a separate run.`,
  };
}

/** The lock of a computed value. */
export const EXPRESSION: Lock = {
  code: 'expression',
  message: l10n.t('This value is computed. Replace the expression with a number first.'),
};

/** The lock of a value that several commands share. */
export function sharedLock(commands: number): Lock {
  return {
    code: 'shared',
    message: l10n.t`${commands} commands of this script share this value. Give each command its own value first.`,
  };
}

/** The lock of a variable that these lines may assign. */
export function assignedLock(name: string, lines: readonly number[]): Lock {
  const where = listed(lines.map(String));
  return {
    code: 'reference',
    message:
      lines.length === 1
        ? l10n.t`Line ${where} may set the variable ${name}, so its value is known only when the script runs.`
        : l10n.t`Lines ${where} may set the variable ${name}, so its value is known only when the script runs.`,
  };
}

/** The lock of every variable after a line that runs a string or a file: `eval`, `source`. */
export function anyVariableLock(line: number): Lock {
  return {
    code: 'reference',
    message: l10n.t`Line ${line} may set any variable, so this value is known only when the script runs.`,
  };
}
