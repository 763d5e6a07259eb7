import * as l10n from '@vscode/l10n';
import type { Lock, SyntaxNode } from '../syntax/tree';

/** The result of an expression: a node, or why it is unknown. */
export type Outcome = { node: SyntaxNode } | Unknown;

export interface Unknown {
  why: Lock;
}

/** The lock of a value that comes from these paths. */
export function lockFor(paths: ReadonlySet<string>): Lock {
  const from = [...paths].filter((path) => path !== '').join(' and ');
  return {
    code: 'interpolated',
    message: l10n.t`This value comes from ${from}. Change it there, or write a number here first.`,
  };
}

export function unknown(message: string, code = 'value-elsewhere'): Unknown {
  return { why: { code, message } };
}
