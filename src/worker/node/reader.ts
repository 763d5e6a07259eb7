import { Worker } from 'node:worker_threads';
import { connect, type Peer } from '../../messages/rpc';
import { NoAnswer, READING_MS, readerContract, type ConfigReader } from '../config-reader';
import { turns } from '../runner';
import { nodePort } from './thread';

/** A module of rank 1024 takes half a minute. */
const MEASURING_MS = 120_000;

interface NodeReaderOptions {
  /** The bundle of extension/questions/reader-thread.ts. */
  threadPath: string;
  /** A thread without work is ended after so many milliseconds. */
  idleMs?: number;
  /** See {@link READING_MS}; the thread is ended then. */
  limitMs?: number;
}

interface ReaderLink {
  peer: Peer<typeof readerContract>;
  end: (reason: string) => void;
}

const SHUT_DOWN = 'reading has been shut down';

/** Reads configs in a thread of Node, started when needed and ended when idle. It never keeps the process alive. */
export function nodeReader({ threadPath, idleMs = 5_000, limitMs = READING_MS }: NodeReaderOptions): ConfigReader {
  let link: ReaderLink | null = null;
  let idle: NodeJS.Timeout | undefined;
  let open = 0;
  let disposed = false;
  const turn = turns();

  const start = (): ReaderLink => {
    // One file is read at a time.
    const resourceLimits = { maxOldGenerationSizeMb: 256 };
    const thread = new Worker(threadPath, { stdout: true, stderr: true, resourceLimits });
    thread.unref();
    const peer = connect(nodePort(thread), {}, {}, readerContract);
    const started: ReaderLink = {
      peer,
      end(reason) {
        if (link === started) link = null;
        peer.dispose(reason);
        void thread.terminate();
      },
    };
    thread.once('error', (error) => started.end(`the reading thread failed: ${error.message}`));
    thread.once('exit', () => started.end('the reading thread ended'));
    return started;
  };

  /** One after the other, so that each has its whole time. */
  const inTurn = <Answer>(question: (peer: ReaderLink['peer']) => Promise<Answer>, most = limitMs): Promise<Answer> => {
    clearTimeout(idle);
    open++;
    const ask = async (): Promise<Answer> => {
      if (disposed) throw new Error(SHUT_DOWN);
      const { peer, end } = (link ??= start());
      let isLate = false;
      const giveUp = (): void => {
        isLate = true;
        end('the file took too long');
      };
      const timer = setTimeout(giveUp, most).unref();
      try {
        return await question(peer);
      } catch (error) {
        end('the file before this one failed');
        throw isLate ? new NoAnswer(`reading took more than ${most} ms`) : error;
      } finally {
        clearTimeout(timer);
      }
    };
    return turn(ask).finally(() => {
      if (--open === 0) idle = setTimeout(() => link?.end('nothing is left to read'), idleMs).unref();
    });
  };

  return {
    read: (path, content) => inTurn((peer) => peer.call('read', { path, content })),
    look: (file) => inTurn((peer) => peer.call('look', file)),
    ask: (request) => inTurn((peer) => peer.call('ask', request)),
    list: (folder) => inTurn((peer) => peer.call('list', folder)),
    adapters: {
      open: (files) => inTurn((peer) => peer.call('adapter', files)),
      measure: (files, from) => inTurn((peer) => peer.call('measured', { ...files, from }), MEASURING_MS),
    },
    dispose() {
      disposed = true;
      clearTimeout(idle);
      link?.end(SHUT_DOWN);
    },
  };
}
