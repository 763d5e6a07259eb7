import * as l10n from '@vscode/l10n';
import type { Parsed } from './tree';

/**
 * The result for a text that a loader stops at, with the loader's own message.
 * @param loader who stops: `PyYAML`
 * @param advice a sentence that says what to do
 */
export function refusal(
  loader: string,
  offset: number,
  words: string,
  advice?: string,
): Extract<Parsed, { ok: false }> {
  const message = l10n.t`${loader} stops here: ${words}.`;
  return { ok: false, offset, message: advice === undefined ? message : `${message} ${advice}` };
}
