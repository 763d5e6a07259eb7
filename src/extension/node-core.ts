import '../worker/node/thread';
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
        },
        workersSetting,
      ),
    createReader: () => nodeReader({ threadPath: context.asAbsolutePath('dist/reader-node.js') }),
  });
