import './node-localise';
import { parentPort } from 'node:worker_threads';
import { cpu } from '../experiment/backends/cpu';
import { wasm } from '../experiment/backends/wasm';
import { serve } from './serve';

/** The program of a thread of Node. */
if (!parentPort) throw new Error('this file runs as a worker thread, started by nodeRunner');
const port = parentPort;

serve(
  {
    post: (message) => port.postMessage(message),
    listen(listener) {
      port.on('message', listener);
      return () => port.off('message', listener);
    },
  },
  [wasm, cpu],
);
