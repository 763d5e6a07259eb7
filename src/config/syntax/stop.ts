import * as l10n from '@vscode/l10n';
import type { ParseFailure } from './tree';

/** A place where a trainer's loader stops, and why in the loader's own words. */
export class Stop extends Error {
  constructor(
    message: string,
    /** Into the text as its reader has it. */
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * The result for a text that a loader stops at, with the loader's own message.
 * @param loader who stops: `PyYAML`
 * @param advice a sentence that says what to do
 */
export function refusal(loader: string, offset: number, words: string, advice?: string): ParseFailure {
  const message = l10n.t`${loader} stops here: ${words}.`;
  return { ok: false, offset, message: advice === undefined ? message : `${message} ${advice}` };
}
