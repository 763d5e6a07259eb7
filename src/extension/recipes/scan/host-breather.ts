import { breather } from '../../../scan/pace';

/** Milliseconds after which the host's other work gets its turn: half a frame, as the last piece may go beyond. */
const BUDGET_MS = 6;

/** To be awaited between small pieces of work on the extension host's thread. */
export function hostBreather(): () => Promise<void> | undefined {
  return breather({ now: () => performance.now(), pause }, BUDGET_MS);
}

/** A turn of the event loop. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
