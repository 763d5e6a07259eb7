import '../worker/node/thread';
import * as vscode from 'vscode';
import { nodeReader } from '../worker/node/reader';
import { nodeRunners } from '../worker/node/runner';
import { type StartFeatures, startFeatures } from './features';
import { workersSetting } from './settings';

/** The features on Node, which train in threads. A bundle of its own: activation does not load it. */
export const start: StartFeatures = (context, log, recipesView) =>
  startFeatures(context, log, recipesView, {
    createRunner: () =>
      nodeRunners(
        {
          workerPath: context.asAbsolutePath('dist/worker-node.js'),
          assets: context.asAbsolutePath('dist'),
          basesFolder: storageOf(context),
        },
        workersSetting,
      ),
    createReader: () => nodeReader({ threadPath: context.asAbsolutePath('dist/reader-node.js') }),
  });

/** The address of the extension's own folder for bases, where the editor has one on this machine's disk. */
function storageOf({ globalStorageUri }: vscode.ExtensionContext): string | undefined {
  return globalStorageUri.scheme === 'file' ? vscode.Uri.joinPath(globalStorageUri, 'bases').toString() : undefined;
}
