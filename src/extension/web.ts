import type * as vscode from 'vscode';
import { activateOn, type TestApi } from './activate';
import { startCore, type StartCore } from './core';

const start: StartCore = (context, log) => startCore(context, log, null);

/** Entry for the extension host of a browser: one file, and no threads, so the panel's page trains. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  return activateOn(() => Promise.resolve(start), context);
}
