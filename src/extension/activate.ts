import * as vscode from 'vscode';
import type { AdapterView } from '../messages/adapter';
import type { ComparisonView } from '../messages/comparison';
import type { PanelView } from '../messages/panel';
import { onFirstConfig } from './documents/config-documents';
import type { Features, StartFeatures } from './features';
import { ADAPTER_EDITOR, COMMANDS, PAGES, type CommandName, type PageName } from './ids';
import { registerMcpServer } from './tool/mcp-server';
import { registerExplanationProvider, registerRecipesView, registerTextProviders, registerTools } from './providers';

/** What our own tests see of a running extension. */
export interface TestApi {
  features(): Promise<Features>;
  panelView(): PanelView | undefined;
  comparisonView(): ComparisonView | undefined;
  adapterView(): AdapterView | null | undefined;
  /** Ends the worker of the latest panel as a crash would. */
  killWorker(): boolean;
  workersStarted(): number;
  /** The servers of MCP that the editor is told of. */
  mcpServers(): { command: string; args: string[]; env: Record<string, string | number | null> }[];
}

/**
 * Registers whatever the editor can ask for: commands, pages it brings back, providers. No parser is loaded, nothing is
 * read and no thread is started before it asks.
 * @param mcpProgram the bundle of the server of MCP, where the extension host can start programs
 */
export function activateOn(
  load: () => Promise<StartFeatures>,
  context: vscode.ExtensionContext,
  mcpProgram?: string,
): TestApi | undefined {
  const begin = performance.now();
  const log = vscode.window.createOutputChannel('LoRA Alpha', { log: true });
  let started: Features | undefined;
  let starting: Promise<Features> | undefined;
  const start = async (): Promise<Features> => {
    const startFeatures = await load();
    return (started = startFeatures(context, log, recipesView));
  };
  const features = (): Promise<Features> => (starting ??= start());
  const recipesView = registerRecipesView(features);

  const { showLog, ...others } = COMMANDS;
  const commands = Object.entries(others).map(([name, id]) =>
    vscode.commands.registerCommand(id, async (...args) =>
      (await features()).answers[name as Exclude<CommandName, 'showLog'>](...args),
    ),
  );
  const pages = Object.entries(PAGES).map(([name, view]) =>
    vscode.window.registerWebviewPanelSerializer(view, {
      deserializeWebviewPanel: async (panel, state: unknown) =>
        (await features()).answers[name as PageName](panel, state),
    }),
  );
  const adapters = vscode.window.registerCustomEditorProvider(ADAPTER_EDITOR, {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => (await features()).core.adapters.restore(panel, uri),
  });
  const mcp = mcpProgram === undefined ? null : registerMcpServer(context, mcpProgram);
  context.subscriptions.push(
    ...(mcp ? [mcp] : []),
    log,
    recipesView,
    ...commands,
    vscode.commands.registerCommand(showLog, () => log.show()),
    ...pages,
    adapters,
    registerTextProviders(features),
    registerExplanationProvider(context),
    registerTools(features),
    onFirstConfig(() => void features().catch((error: unknown) => log.error(String(error)))),
  );
  log.debug(`activated in ${(performance.now() - begin).toFixed(1)} ms`);
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  return {
    features,
    panelView: () => started?.core.panels.latest()?.view(),
    comparisonView: () => started?.core.comparisons.latest()?.view(),
    adapterView: () => started?.core.adapters.latest()?.view(),
    killWorker: () => started?.core.panels.latest()?.killWorker() ?? false,
    workersStarted: () => started?.core.workersStarted() ?? 0,
    mcpServers: () => mcp?.definitions() ?? [],
  };
}
