import * as l10n from '@vscode/l10n';
import type { ParseFailure } from './tree';

/** A place where a trainer's loader stops, and why. */
export class Stop extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/** A place where a trainer's loader goes on, but may read another value than LoRA Alpha would. */
export class Odd extends Stop {}

/** Python makes no whole number of more digits. */
export const MAX_DIGITS = 4300;

/** What an error means to someone who writes configs: a pattern of its words, and advice. */
export type Advice = readonly (readonly [words: RegExp, advice: string])[];

/**
 * The result for a text that a loader stops at.
 * @param loader who stops: `PyYAML`
 * @throws the error, if it is no Stop
 */
export function refusal(error: unknown, loader: string, advice: Advice): ParseFailure {
  if (!(error instanceof Stop)) throw error;
  const { offset, message } = error;
  if (error instanceof Odd) return { ok: false, offset, message };
  const what = advice.find(([words]) => words.test(message))?.[1];
  const stops = l10n.t`${loader} stops here: ${message}.`;
  return { ok: false, offset, message: what === undefined ? stops : `${stops} ${what}` };
}
