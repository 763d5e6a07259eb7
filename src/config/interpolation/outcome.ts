import type { Lock, SyntaxNode } from '../syntax/tree';

/** What an expression comes to: a value, a map or list that stands elsewhere, or why it is not known. */
export type Outcome = { node: SyntaxNode } | Unknown;

export interface Unknown {
  why: Lock;
}

/** What a value was made of. */
export interface Origins {
  paths: Set<string>;
  /** Environment variables that would have the last word. */
  unless: Set<string>;
}

export function lockFor({ paths, unless }: Origins): Lock | null {
  const variables = [...unless].join(' and ');
  const from = [...paths].filter((path) => path !== '').join(' and ');
  if (variables !== '') {
    const also = from === '' ? '' : ` It is made of ${from}.`;
    return {
      code: 'environment-default',
      message: `This value holds unless the environment sets ${variables}.${also} Write a number here to have it changed.`,
    };
  }
  if (from === '')
    return { code: 'interpolated', message: 'This value is made by an expression; write a number here.' };
  return {
    code: 'interpolated',
    message: `This value comes from ${from}; change it there, or write a number here before it is changed.`,
  };
}

export function unknown(code: string, message: string): Unknown {
  return { why: { code, message } };
}

export const notHere = (expression: string): Lock => ({
  code: 'value-elsewhere',
  message: `It comes from ${expression}, which is not in this file.`,
});

export const absent = (steps: readonly string[]): Unknown =>
  unknown('value-elsewhere', `No ${steps.join('.')} stands in this file; change it where that is set.`);

export const byCode = (resolver: string): string =>
  `The resolver ${resolver} is code of the trainer, which is not run here.`;
