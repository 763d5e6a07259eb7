import type { Lock, SyntaxNode } from '../syntax/tree';

/** What an expression comes to: a value, a map or list that stands elsewhere, or why it is unknown. */
export type Outcome = { node: SyntaxNode } | Unknown;

export interface Unknown {
  why: Lock;
}

/** The lock of a value that was made of the values at these paths. */
export function lockFor(paths: ReadonlySet<string>): Lock {
  const from = [...paths].filter((path) => path !== '').join(' and ');
  return {
    code: 'interpolated',
    message: `This value comes from ${from}; change it there, or write a number here before it is changed.`,
  };
}

export function unknown(message: string, code = 'value-elsewhere'): Unknown {
  return { why: { code, message } };
}
