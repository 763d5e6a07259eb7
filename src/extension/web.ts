import type * as vscode from 'vscode';
import { activateOn, type TestApi } from './activate';

/** Entry for the extension host of a browser, which has no threads of its own: the panel's page trains. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  return activateOn({ createRunner: null }, context);
}
