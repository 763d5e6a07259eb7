import type { BackendId } from '../spec';

/** A tfjs backend in the bundle of a worker. Importing its file registers it. */
export interface Backend {
  id: BackendId;
  /** Configures the backend before tfjs starts it. `assets`: see RunOptions. */
  prepare(assets: string): void;
  /** Losses are fetched at least every `flushSteps` steps, because work that is queued on a GPU cannot be stopped. */
  flushSteps: number;
  /** Called after every start. */
  started?(): void;
  /** Called after the start, for backends whose arithmetic depends on the device. */
  inspect?(): Promise<Inspected>;
}

/** Properties of the device that a backend runs on. */
export interface Inspected {
  /** Why the device is not usable, as a predicate: `computes in …`; null if it is usable. */
  refusal: string | null;
  /** Whether scaling by powers of two and four preserves the other bits. */
  keepsBits: boolean;
  /** A sentence for readers of the results. */
  caveat: string | null;
}
