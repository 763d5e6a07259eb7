import * as vscode from 'vscode';
import type { Core } from './core';
import { COMMANDS } from './ids';

type CommandId = (typeof COMMANDS)[keyof typeof COMMANDS];

/** Registers every command there is an id for; a forgotten one does not compile. */
export function registerCommands(core: () => Promise<Core>, log: vscode.LogOutputChannel): vscode.Disposable {
  const handlers: Readonly<Record<CommandId, (...args: unknown[]) => unknown>> = {
    [COMMANDS.check]: async (uri, network) => (await core()).check(uri, network),
    [COMMANDS.rescale]: async (uri, network, alpha) => (await core()).rescale(uri, network, alpha),
    [COMMANDS.exportCheck]: async (uri, network, alpha) => (await core()).exportCheck(uri, network, alpha),
    [COMMANDS.openResults]: async (file) => (await core()).openResults(file),
    [COMMANDS.explain]: async (code) => (await core()).explain(code),
    [COMMANDS.showRules]: async () => (await core()).showRules(),
    [COMMANDS.compare]: async (what, selected) => (await core()).compare(what, selected),
    [COMMANDS.compareSelected]: async (what, selected) => (await core()).compare(what, selected),
    [COMMANDS.showRuns]: async (what) => (await core()).showRuns(what),
    [COMMANDS.refreshRecipes]: async () => (await core()).inventory.refresh(),
    [COMMANDS.stopScan]: async () => (await core()).inventory.stop(),
    [COMMANDS.openRecipesTable]: async () => (await core()).recipesTable.show(),
    [COMMANDS.sortRecipes]: async () => (await core()).arrangement.chooseOrder(),
    [COMMANDS.filterRecipes]: async () => (await core()).arrangement.askFilter(),
    [COMMANDS.clearRecipesFilter]: async () => (await core()).arrangement.clearFilter(),
    [COMMANDS.applyPreview]: async () => (await core()).answerPreview(true),
    [COMMANDS.discardPreview]: async () => (await core()).answerPreview(false),
    [COMMANDS.openSample]: async () => (await core()).openSample(),
    [COMMANDS.showLog]: () => log.show(),
  };
  const registered = Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler));
  return vscode.Disposable.from(...registered);
}
