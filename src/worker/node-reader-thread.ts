import { parentPort } from 'node:worker_threads';
import { mayHoldLora } from '../config/hint';
import { readerContract } from '../messages/reader';
import { connect } from '../messages/rpc';
import { summaryOf } from '../scan/summary';

/** The program of the thread that reads configs. */
if (!parentPort) throw new Error('this file runs as a worker thread, started by nodeReader');
const port = parentPort;
const decoder = new TextDecoder();

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
    summarise({ path, content }) {
      const text = typeof content === 'string' ? content : decoder.decode(content);
      return mayHoldLora(text) ? summaryOf(text, path) : null;
    },
  },
  {},
);
