import * as l10n from '@vscode/l10n';
import { getEnvironmentData, setEnvironmentData, type MessagePort, type Worker } from 'node:worker_threads';
import type { Port } from '../../messages/rpc';

const KEY = 'lora-alpha.strings';

/** A bundle of `l10n/`: the English message (with comments, its key) → the message in another language. */
type Strings = l10n.l10nJsonFormat;

/**
 * The strings of the editor's language, shared by the host. The host and its threads import this file first, because
 * other files make strings when they are loaded.
 */
const strings = getEnvironmentData(KEY) as Strings | undefined;
if (strings) l10n.config({ contents: strings });

export function shareStrings(strings: Strings | undefined): void {
  setEnvironmentData(KEY, strings);
}

/** What carries messages to a thread of Node, or from within one to its host. */
export function nodePort(thread: MessagePort | Worker): Port {
  return {
    post: (message) => thread.postMessage(message),
    listen(listener) {
      thread.on('message', listener);
      return () => thread.off('message', listener);
    },
  };
}
