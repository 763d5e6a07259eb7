import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { listed } from '../listed';
import type { Lock, ScalarNode } from '../tree';
import { OUTSIDE_DEFAULT, type Piece, type Word } from './words';

/** The value of a variable of a script, as far as the script tells. */
export type VariableValue =
  | { kind: 'text'; pieces: readonly Piece[] }
  | { kind: 'list'; words: readonly Word[] }
  /** Only known when the script runs; the lock says why. */
  | { kind: 'unknown'; lock: Lock };

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
  uses: number;
  /** The lines of these places. */
  lines: readonly number[];
  /** The lines with several of them. */
  shared: ReadonlySet<number>;
}

/** The code of a lock on a variable of unknown value that the script also gives flags. */
export const MAYBE_FLAGS = 'maybe-flags';

/** The code of a lock on the script's own arguments. */
export const SCRIPT_ARGUMENTS = 'script-arguments';

/** The lock of a computed value. */
export const EXPRESSION: Lock = {
  code: 'expression',
  message: l10n.t('This value is computed. Replace the expression with a number first.'),
};

const reference = (message: string): Lock => ({ code: 'reference', message });

/** The largest number of lines that a sentence names. */
const MOST_LINES = 6;

/** The lock of a value that a variable has, used in the line `here`. */
export function usedLock({ name, line, literal }: Variable, here: number): Lock {
  // Not all lines: with thousands of them, the message of each use would name all others.
  const { lines: all = [], shared } = literal ?? {};
  const isAlone = all.includes(here) && !shared?.has(here);
  const first = all.slice(0, MOST_LINES + 2).filter((own) => !isAlone || own !== here);
  const count = all.length - (isAlone ? 1 : 0);
  const lines = listed(first.slice(0, MOST_LINES + 1).map(String), MOST_LINES, undefined, count);
  if (count === 0) {
    return reference(l10n.t`This value comes from the variable ${name}, set in line ${line}. Change it there.`);
  }
  return reference(
    count === 1
      ? l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in line ${lines}. Write a number here first.`
      : l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in lines ${lines}. Write a number here first.`,
  );
}

/** The lock of a value whose variable the file does not set. */
export function unsetLock(name: string): Lock {
  return reference(l10n.t`This value comes from ${name}, which this file does not set.`);
}

/** The lock of the script's own arguments: `$@`, `@args`. */
export function scriptArgumentsLock(name: string): Lock {
  return { ...argumentLock(name), code: SCRIPT_ARGUMENTS };
}

/** The lock of an argument of the script, or of one of its functions. */
export function argumentLock(name: string): Lock {
  return reference(l10n.t`This value is ${name}, an argument of the script or function, so it is not in this file.`);
}

/** The lock of a loop's variable. */
export function loopLock(name: string, values: readonly string[], line: number): Lock {
  const which = values.length === 0 ? l10n.t('several values') : listed(values);
  return {
    code: 'loop',
    message: l10n.t`The loop in line ${line} runs this command with ${name} = ${which}; each is a separate run.`,
  };
}

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
  return reference(
    lines.length === 1
      ? l10n.t`Line ${where} may set the variable ${name}, so its value is known only when the script runs.`
      : l10n.t`Lines ${where} may set the variable ${name}, so its value is known only when the script runs.`,
  );
}

/** The lock of every variable after a line that runs a string or a file: `eval`, `source`. */
export function anyVariableLock(line: number): Lock {
  return reference(l10n.t`Line ${line} may set any variable, so this value is known only when the script runs.`);
}

/** The lock of `${NAME:-value}`. */
export function defaultLock(owner: string, text: string | null): Lock {
  const value = text === '' ? l10n.t('an empty string') : (text ?? l10n.t('another value'));
  const message = l10n.t`The default here is ${value}, and ${owner} can override it. Write a number here first.`;
  return { code: OUTSIDE_DEFAULT, message };
}
