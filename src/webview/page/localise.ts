import * as l10n from '@vscode/l10n';

/** The strings of the editor's language, which the host writes into the page. Imported first: files make strings when they are loaded. */
const { strings } = document.body.dataset;
if (strings) l10n.config({ contents: strings });
