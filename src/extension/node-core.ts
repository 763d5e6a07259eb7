import '../worker/node/thread';
import { audit, enginesNamed } from '../adapter/engines/audit';
import { nodeReader } from '../worker/node/reader';
import { nodeRunners } from '../worker/node/runner';
import { startFeatures } from './features';
import { workersSetting } from './settings';

/** The features on Node, which train in threads. A bundle of its own: activation does not load it. */
export const start = startFeatures((context) => {
  const assets = context.asAbsolutePath('dist');
  return {
    createRunner: () => nodeRunners({ workerPath: `${assets}/worker-node.js`, assets }, workersSetting),
    createReader: () => nodeReader({ threadPath: `${assets}/reader-node.js` }),
    engines: { audit, named: enginesNamed },
  };
});
