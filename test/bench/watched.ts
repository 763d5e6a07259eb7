import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';

/** What measurements inside the extension host share. */

export interface Watched {
  /** Time the work took. */
  ms: number;
  /** Longest time in ms that the host's thread answered nobody else. */
  blocked: number;
  /** Longest turn of the event loop in ms of processor time, which no other process can lengthen; null on old Nodes. */
  turn: number | null;
  /** Longest collection of garbage in ms by the clock; it is within a turn, and comes when it likes. */
  garbage: number;
}

/** Does some work, and watches the thread until it is done. */
export async function watched(work: () => Promise<unknown>): Promise<Watched> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const turns = watchTurns();
  delay.enable();
  let garbage = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) garbage = Math.max(garbage, duration);
  });
  collections.observe({ entryTypes: ['gc'] });
  const begin = performance.now();
  await work();
  const ms = performance.now() - begin;
  // The last turn counts, too.
  await pause(20);
  delay.disable();
  collections.disconnect();
  return { ms, blocked: delay.max / 1e6, turn: turns(), garbage };
}

/** Waits until the editor has nothing to do, of which it has much when it starts; so many times 300 ms at most. */
export async function quiet(tries = 60): Promise<void> {
  for (let calm = 0, left = tries; calm < 3 && left > 0; left--) {
    const { blocked } = await watched(() => pause(300));
    calm = blocked < 8 ? calm + 1 : 0;
  }
}

/** Waits some milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Writes each run that was measured, and why none came after it, where the program outside looks for it. */
export async function keepResults(measure: (keep: (run: object) => void) => Promise<void>): Promise<void> {
  const file = process.env['LORA_ALPHA_RESULTS'] ?? 'results.json';
  const runs: object[] = [];
  const write = (more: object): void => writeFileSync(file, JSON.stringify({ runs, ...more }));
  try {
    await measure((run) => {
      runs.push(run);
      write({});
    });
  } catch (error) {
    write({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** Processor time of this thread alone, in microseconds; Node has it from version 23.9 on. */
const threadCpu = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage;

/** Watches every turn of the event loop until the function it returns is called, which says how long the longest took. */
function watchTurns(): () => number | null {
  if (!threadCpu) return () => null;
  const used = (): number => {
    const { user, system } = threadCpu();
    return user + system;
  };
  let last = used();
  let longest = 0;
  let isOver = false;
  const turn = (): void => {
    const now = used();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    return longest / 1000;
  };
}
