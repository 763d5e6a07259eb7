import * as l10n from '@vscode/l10n';
import { sharedStrings } from './strings';

/**
 * The strings of the editor's language, on Node. Imported first, by the host and by its threads alike: files make strings when
 * they are loaded, and what several bundles share is loaded before anything that one of them has alone.
 */
const strings = sharedStrings();
if (strings) l10n.config({ contents: strings });
