import * as vscode from 'vscode';
import { MCP_SERVERS } from '../ids';

/** How a server of MCP is started. */
interface Definition {
  command: string;
  args: string[];
  env: Record<string, string | number | null>;
}

/** Before, editors have the function as a proposal, under another name in the manifest, and throw where it is called. */
const SINCE = 1101;

/** What editors have since 1.101, and the types of the oldest editor that is supported do not. */
interface McpEditor {
  McpStdioServerDefinition?: new (label: string, ...how: [string, string[], Definition['env'], string]) => Definition;
  lm: {
    registerMcpServerDefinitionProvider?(
      id: string,
      provider: {
        onDidChangeMcpServerDefinitions: vscode.Event<unknown>;
        provideMcpServerDefinitions(): Definition[];
      },
    ): vscode.Disposable;
  };
}

/**
 * Tells the editor of the server that other programs start as `lora-alpha mcp`: for chats that take tools from servers
 * alone. It runs on the editor's own Node and sees the folders of the workspace, which the disk must have.
 * @param program the bundle of that server
 */
export function registerMcpServer(
  { extension }: vscode.ExtensionContext,
  program: string,
): { definitions: () => Definition[]; dispose: () => void } {
  const { McpStdioServerDefinition: Server, lm } = vscode as McpEditor;
  const { displayName, version } = extension.packageJSON as { displayName: string; version: string };
  const definitions = (): Definition[] => {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    if (!Server || folders.length === 0) return [];
    const args = [program, ...folders.map(({ uri }) => uri.fsPath)];
    return [new Server(displayName, process.execPath, args, { ELECTRON_RUN_AS_NODE: '1' }, version)];
  };
  const [major = 0, minor = 0] = vscode.version.split('.').map(Number);
  const register = major * 1000 + minor < SINCE ? undefined : lm.registerMcpServerDefinitionProvider;
  const registered = register?.(MCP_SERVERS, {
    onDidChangeMcpServerDefinitions: vscode.workspace.onDidChangeWorkspaceFolders,
    provideMcpServerDefinitions: definitions,
  });
  return { definitions, dispose: () => registered?.dispose() };
}
