import type { BackendId } from '../spec';

/** A tfjs backend that a worker has in its bundle. Importing its file registers it. */
export interface Backend {
  id: BackendId;
  /** Before tfjs starts it: where its files are, which arithmetic it may use. `assets`: see RunOptions. */
  prepare(assets: string): void;
  /** Points are fetched after so many steps at the latest; a queue of work elsewhere cannot be stopped. */
  flushSteps: number;
  /** Once it has started, for those whose arithmetic depends on the device. */
  inspect?(): Promise<Inspected>;
}

/** What a backend finds out about the device it runs on. */
export interface Inspected {
  /** Why it cannot be used here after all, said of the backend: `computes in …`. */
  refusal: string | null;
  /** Whether powers of two and four leave other bits alone. */
  keepsBits: boolean;
  /** What whoever reads its results should know, as a sentence. */
  caveat: string | null;
}
