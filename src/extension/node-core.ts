import { nodeRunner } from '../worker/node-runner';
import { startCore, type StartCore } from './core';

/** The core on Node, which trains in a thread. A bundle of its own: activation does not load it. */
export const start: StartCore = (context, log) =>
  startCore(context, log, () =>
    nodeRunner({ workerPath: context.asAbsolutePath('dist/worker-node.js'), assets: context.asAbsolutePath('dist') }),
  );
