import type { l10nJsonFormat } from '@vscode/l10n';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** A bundle of `l10n/`: the English message (with comments, its key) → the message in another language. */
type Strings = l10nJsonFormat;

const KEY = 'lora-alpha.strings';

/** Keeps the strings for this thread and for every thread that is started from now on. */
export function shareStrings(strings: Strings | undefined): void {
  setEnvironmentData(KEY, strings);
}

/** The strings that were shared; undefined where the language is English. */
export function sharedStrings(): Strings | undefined {
  return getEnvironmentData(KEY) as Strings | undefined;
}
