import * as vscode from 'vscode';
import { shareStrings } from '../worker/node/thread';
import { activateOn, type TestApi } from './activate';

/** Entry for the extension host that runs on Node. esbuild.mjs leaves the import alone, so it is loaded when needed. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  return activateOn(
    async () => {
      shareStrings(vscode.l10n.bundle);
      return (await import('./node-core')).start;
    },
    context,
    context.asAbsolutePath('dist/mcp-node.js'),
  );
}
