import type { BackendId } from '../spec';

/** A tfjs backend that a worker has in its bundle. Importing its file registers it. */
export interface Backend {
  id: BackendId;
  /** Before tfjs starts it: where its files are, which arithmetic it may use. `assets`: see RunOptions. */
  prepare(assets: string): void;
  /** Points are fetched after so many steps at the latest; a queue of work elsewhere cannot be stopped. */
  flushSteps: number;
}
