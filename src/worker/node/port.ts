import type { MessagePort, Worker } from 'node:worker_threads';
import type { Port } from '../../messages/rpc';

/** What carries messages to a thread of Node, or from within one to its host. */
export function nodePort(thread: MessagePort | Worker): Port {
  return {
    post: (message) => thread.postMessage(message),
    listen(listener) {
      thread.on('message', listener);
      return () => thread.off('message', listener);
    },
  };
}
