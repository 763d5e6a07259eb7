import * as l10n from '@vscode/l10n';
import type { Range } from '../../reading';
import { listed } from '../listed';
import type { Lock, Origin, ScalarNode } from '../tree';
import type { Piece, Word } from './words';

/** What a variable of a script holds, as far as its text tells. */
export type VariableValue =
  | { kind: 'text'; pieces: readonly Piece[] }
  | { kind: 'list'; words: readonly Word[] }
  /** Only known when the script runs; the lock says why, and `flags` which flags may be among its words. */
  | { kind: 'unknown'; lock: Lock; flags?: readonly Word[] };

export interface Variable {
  name: string;
  held: VariableValue;
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

/** The code of a lock on a word that is none unless somebody outside of the text says otherwise: `${EXTRA:-}`. */
export const MAYBE_NOTHING = 'maybe-nothing';

/** The code of a lock on a variable that may hold flags, beside those that the script gives it. */
export const MAYBE_FLAGS = 'maybe-flags';

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
export function usedVariable({ name, line, literal }: Variable, range: Range): { lock: Lock; origin?: Origin } {
  const there: Lock = {
    code: 'reference',
    message: l10n.t`This value comes from the variable ${name}, set in line ${line}. Change it there.`,
  };
  if (!literal) return { lock: there };
  const { node, uses } = literal;
  const others = uses.filter(({ offset }) => offset < range.start || offset >= range.end);
  const lines = [...new Set(others.map((use) => use.line))];
  const lock = lines.length === 0 ? there : { ...there, message: sharedVariable(name, line, lines) };
  return { lock, origin: { node, uses: uses.length, also: '' } };
}

function sharedVariable(name: string, line: number, others: readonly number[]): string {
  const lines = listed(others.map(String));
  return others.length === 1
    ? l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in line ${lines}. Write a number here first.`
    : l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in lines ${lines}. Write a number here first.`;
}

/** Why a value is unknown whose variable the text does not set. */
export function unsetLock(name: string): Lock {
  return {
    code: 'reference',
    message: l10n.t`This value comes from ${name}, which this file does not set.`,
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
    message: l10n.t`This value is ${name}, an argument of the script or function, so it is not in this file.`,
  };
}

/** Why the value of a loop's variable is unknown. */
export function loopLock(name: string, values: readonly string[], line: number): Lock {
  const which = values.length === 0 ? l10n.t('several values') : listed(values);
  return {
    code: 'loop',
    message: l10n.t`The loop in line ${line} runs this command with ${name} = ${which}; each is a separate run.`,
  };
}

/** Why the value of a computation is not written to, or not known. */
export const EXPRESSION: Lock = {
  code: 'expression',
  message: l10n.t('This value is computed. Replace the expression with a number first.'),
};

/** Why a value is not written to that several commands take. */
export function sharedLock(commands: number): Lock {
  return {
    code: 'shared',
    message: l10n.t`${commands} commands of this script share this value. Give each command its own value first.`,
  };
}

/** Why a variable is unknown that `line` may assign. */
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

/** Why every variable is unknown after a line that runs a text or a file: `eval`, `source`. */
export function anyVariableLock(line: number): Lock {
  return {
    code: 'reference',
    message: l10n.t`Line ${line} may set any variable, so this value is known only when the script runs.`,
  };
}
