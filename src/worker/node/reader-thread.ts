import { readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readerContract, type AskRequest } from '../../messages/reader';
import { connect } from '../../messages/rpc';
import { listFolder } from './list';
import { lookInto, summaryOfBytes } from './look';
import { nodePort } from './port';

/** The thread's side: reads what it is told to. @param ask answers what is asked about an open text */
export function serveReader(ask: (request: AskRequest) => unknown): void {
  if (!parentPort) throw new Error('this runs in a worker thread, started by nodeReader');
  giveWay();
  connect(
    nodePort(parentPort),
    readerContract,
    {
      summarise: ({ path, content }) => summaryOfBytes(content, path),
      look: lookInto,
      list: listFolder,
      ask,
    },
    {},
  );
}

/** Linux schedules threads one by one, and names them to themselves: this one yields to the extension host and the editor. */
function giveWay(): void {
  try {
    const own = Number(path.basename(readlinkSync('/proc/thread-self')));
    const wanted = constants.priority.PRIORITY_BELOW_NORMAL;
    if (getPriority(own) < wanted) setPriority(own, wanted);
  } catch {
    // Another system, or one that does not allow it.
  }
}
