import './localise';
import type * as vscode from 'vscode';
import { activateOn, type TestApi } from './activate';
import { startFeatures, type StartFeatures } from './features';
import { hereReader } from './recipes/scan/here-reader';

const start: StartFeatures = (context, log, recipesView) =>
  startFeatures(context, log, recipesView, { createRunner: null, createReader: hereReader });

/** Entry for the extension host of a browser: one file, and no threads, so the panel's page trains. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  return activateOn(() => Promise.resolve(start), context);
}
