import type * as vscode from 'vscode';
import { nodeRunner } from '../worker/node-runner';
import { activateOn, type TestApi } from './activate';

/** Entry for the extension host that runs on Node: it trains in a thread. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  const createRunner = (): ReturnType<typeof nodeRunner> =>
    nodeRunner({ workerPath: context.asAbsolutePath('dist/worker-node.js'), assets: context.asAbsolutePath('dist') });
  return activateOn({ createRunner }, context);
}
