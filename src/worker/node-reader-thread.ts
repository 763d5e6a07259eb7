import { parentPort } from 'node:worker_threads';
import { readerContract } from '../messages/reader';
import { connect } from '../messages/rpc';
import { lookInto, summaryOfBytes } from './node-look';

/** The program of the thread that reads configs. */
if (!parentPort) throw new Error('this file runs as a worker thread, started by nodeReader');
const port = parentPort;

connect(
  {
    post: (message) => port.postMessage(message),
    listen(listener) {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
  },
  readerContract,
  {
    summarise: ({ path, content }) => summaryOfBytes(content, path),
    look: lookInto,
  },
  {},
);
