import * as vscode from 'vscode';
import type { PanelView } from '../messages/panel';
import type { Runner } from '../worker/runner';
import { registerCodeLens } from './codelens';
import { registerCommands } from './commands';
import { createPanels } from './panel/panels';
import { createPreviews } from './panel/preview';

/** What differs between the desktop's extension host and the browser's. */
export interface Platform {
  createRunner: ((context: vscode.ExtensionContext) => Runner) | null;
}

/** What our own tests see of a running extension. */
export interface TestApi {
  panelView(): PanelView | undefined;
  /** Ends the worker of the latest panel as a crash would. */
  killWorker(): boolean;
  workersStarted(): number;
  activationMs: number;
}

/** Registers everything. Nothing is read and no thread is started before someone asks. */
export function activateOn(platform: Platform, context: vscode.ExtensionContext): TestApi | undefined {
  const begin = performance.now();
  let workers = 0;
  const { createRunner } = platform;
  const log = vscode.window.createOutputChannel('LoRA Alpha', { log: true });
  const previews = createPreviews();
  const panels = createPanels({
    extensionUri: context.extensionUri,
    createRunner:
      createRunner &&
      (() => {
        workers++;
        return createRunner(context);
      }),
    previews,
    log,
  });
  context.subscriptions.push(log, previews, panels, registerCodeLens(), registerCommands({ panels, previews, log }));
  const activationMs = performance.now() - begin;
  log.debug(`activated in ${activationMs.toFixed(1)} ms`);
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  return {
    panelView: () => panels.latest()?.view(),
    killWorker: () => panels.latest()?.killWorker() ?? false,
    workersStarted: () => workers,
    activationMs,
  };
}
