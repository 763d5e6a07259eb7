import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

/** A bundle of `l10n/`: the English message (with comments, its key) → the message in another language. */
export type Strings = Readonly<Record<string, string | { message: string; comment: string[] }>>;

const KEY = 'lora-alpha.strings';

/** Hands the strings to this thread, and to every thread that is started from now on. */
export function shareStrings(strings: Strings | undefined): void {
  setEnvironmentData(KEY, strings);
}

/** What was handed over; undefined where the language is English. */
export function sharedStrings(): Strings | undefined {
  return getEnvironmentData(KEY) as Strings | undefined;
}
