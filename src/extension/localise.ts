import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';

/**
 * Gives the rooms that know no editor the strings of the editor's language, where there are no threads. Imported first:
 * files make strings when they are loaded.
 */
if (vscode.l10n.bundle) l10n.config({ contents: vscode.l10n.bundle });
