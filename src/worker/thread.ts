import type { Port } from '../messages/rpc';

/** A worker of any platform, as a runner needs it. */
export interface Thread {
  port: Port;
  /** Resolves with a sentence when the worker has died or can no longer be trusted, also after `end`. */
  died: Promise<string>;
  /** Ends it at once, whatever it is doing. */
  end(): void;
  /** Whether the process must stay alive for its sake. */
  hold(busy: boolean): void;
}
