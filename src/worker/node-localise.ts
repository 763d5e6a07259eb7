import * as l10n from '@vscode/l10n';
import { workerData } from 'node:worker_threads';

/** The strings of the editor's language in a thread of Node. Imported first: files make strings when they are loaded. */
const strings = workerData as Strings | null;
if (strings) l10n.config({ contents: strings });

/** A bundle of `l10n/`: the English message (with comments, its key) → the message in another language. */
export type Strings = l10n.l10nJsonFormat;
