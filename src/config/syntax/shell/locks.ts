import * as l10n from '@vscode/l10n';
import { listed } from '../../../recipe/listed';
import type { Lock } from '../tree';

/** The code of a lock on a word that is empty unless a variable is set outside of the script: `${EXTRA:-}`. */
export const MAYBE_EMPTY = 'maybe-nothing';
/** The code of a lock on a default that may be overridden outside of the script. */
export const OUTSIDE_DEFAULT = 'outside-default';
/** The code of a lock on a variable of unknown value that the script also gives flags. */
export const MAYBE_FLAGS = 'maybe-flags';
/** The code of a lock on the script's own arguments. */
export const SCRIPT_ARGUMENTS = 'script-arguments';

export const EXPRESSION: Lock = {
  code: 'expression',
  message: l10n.t('This value is computed. Replace the expression with a number first.'),
};
export const ESCAPED: Lock = {
  code: 'escaped-text',
  message: l10n.t`This value contains escape sequences, so the position of its letters is uncertain. Write the value without them.`,
};

const reference = (message: string): Lock => ({ code: 'reference', message });

/** The largest number of lines that a sentence names. */
export const MOST_LINES = 6;

/** The lock of a value that a variable has. @param others the lines of its other uses */
export function usedLock(name: string, line: number, others: readonly number[]): Lock {
  const lines = listed(others.slice(0, MOST_LINES + 1).map(String), MOST_LINES, undefined, others.length);
  if (others.length === 0) {
    return reference(l10n.t`This value comes from the variable ${name}, set in line ${line}. Change it there.`);
  }
  return reference(
    others.length === 1
      ? l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in line ${lines}. Write a number here first.`
      : l10n.t`This value comes from the variable ${name}, set in line ${line} and also used in lines ${lines}. Write a number here first.`,
  );
}

/** The lock of a value whose variable the file does not set. */
export const unsetLock = (name: string): Lock =>
  reference(l10n.t`This value comes from ${name}, which this file does not set.`);

/** The lock of an argument of the script, or of one of its functions. */
export const argumentLock = (name: string): Lock =>
  reference(l10n.t`This value is ${name}, an argument of the script or function, so it is not in this file.`);

/** The lock of a value that several commands share. */
export function sharedLock(commands: number): Lock {
  const message = l10n.t`${commands} commands of this script share this value. Give each command its own value first.`;
  return { code: 'shared', message };
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

/** The lock of every variable of a script with a line that runs a string or a file: `eval`, `source`. */
export const anyVariableLock = (line: number): Lock =>
  reference(l10n.t`Line ${line} may set any variable, so this value is known only when the script runs.`);

/** The lock of `${NAME:-value}`. */
export function defaultLock(name: string, text: string | null): Lock {
  const value = text === '' ? l10n.t('an empty string') : (text ?? l10n.t('another value'));
  const message = l10n.t`The default here is ${value}, and the variable ${name} outside of this text can override it. Write a number here first.`;
  return { code: OUTSIDE_DEFAULT, message };
}
