import * as vscode from 'vscode';
import type { ComparisonView } from '../messages/comparison';
import type { PanelView } from '../messages/panel';
import { registerActions } from './actions/register';
import { registerCommands } from './commands';
import { registerComparison } from './comparison/register';
import type { Core, StartCore } from './core';
import { registerExplanations } from './explanations/register';
import { onFirstConfig } from './documents/first-config';
import { registerHovers } from './hover/register';
import { registerLenses } from './lens/register';
import { registerPanel } from './panel/register';
import { registerRecipes } from './recipes/register';
import { registerTool } from './tool/register';

/** What our own tests see of a running extension. */
export interface TestApi {
  /** Starts the core, if nothing has yet. */
  core(): Promise<Core>;
  panelView(): PanelView | undefined;
  comparisonView(): ComparisonView | undefined;
  /** Ends the worker of the latest panel as a crash would. */
  killWorker(): boolean;
  workersStarted(): number;
}

/**
 * Registers every feature; each folder's `register.ts` says what. No parser is loaded, nothing is read and no thread is
 * started before someone asks: diagnostics and the status bar are registered by the core.
 */
export function activateOn(loadCore: () => Promise<StartCore>, context: vscode.ExtensionContext): TestApi | undefined {
  const begin = performance.now();
  const log = vscode.window.createOutputChannel('LoRA Alpha', { log: true });
  let started: Core | undefined;
  let starting: Promise<Core> | undefined;
  const start = async (): Promise<Core> => {
    const startCore = await loadCore();
    started = startCore(context, log, recipes);
    context.subscriptions.push(started);
    return started;
  };
  const core = (): Promise<Core> => (starting ??= start());
  const recipes = registerRecipes(core);

  context.subscriptions.push(
    log,
    recipes,
    registerLenses(core),
    registerHovers(core),
    registerActions(core),
    registerExplanations(core),
    registerPanel(core),
    registerComparison(core),
    registerTool(core),
    onFirstConfig(() => void core().catch((error: unknown) => log.error(String(error)))),
    registerCommands(core, log),
  );
  log.debug(`activated in ${(performance.now() - begin).toFixed(1)} ms`);
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  return {
    core,
    panelView: () => started?.panelView(),
    comparisonView: () => started?.comparisonView(),
    killWorker: () => started?.killWorker() ?? false,
    workersStarted: () => started?.workersStarted() ?? 0,
  };
}
