import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension/activate';

/** Runs inside the extension host, beside the extension whose scan it watches. */

interface Run {
  name: string;
  ms: number;
  /** Longest time in ms that the host's thread answered nobody else. */
  blocked: number;
  /** The same with nothing going on, for as long: what the editor and the machine's other work add. */
  idle: number;
  /** Longest turn of the event loop in ms of processor time, which no other process can lengthen; null on old Nodes. */
  turn: number | null;
  /** Longest collection of garbage in ms by the clock; it is within a turn, and comes when it likes. */
  garbage: number;
  recipes: number;
  /** What the heap holds more than before. */
  heapMb: number;
}

export async function run(): Promise<void> {
  const file = process.env['LORA_ALPHA_RESULTS'] ?? 'results.json';
  try {
    writeFileSync(file, JSON.stringify({ runs: await measure() }));
  } catch (error) {
    writeFileSync(
      file,
      JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  }
}

async function measure(): Promise<Run[]> {
  const extension = vscode.extensions.getExtension<TestApi>('lora-alpha.lora-alpha');
  const api = await extension?.activate();
  if (!api) throw new Error('the extension does not know that it is being tested');
  // No scan is to be blamed for loading it.
  const { inventory, recipes: tree } = await api.core();
  // As the view does while it is visible.
  inventory.onDidChange(() => void Promise.all([tree.children(undefined)]).then(([nodes]) => nodes?.map(tree.item)));
  await quiet();
  const runs: Run[] = [];
  for (const name of ['first scan', 'again, nothing changed', 'once more']) {
    const before = process.memoryUsage().heapUsed;
    const { ms, blocked, turn, garbage } = await watched(() => inventory.refresh());
    const { blocked: idle } = await watched(() => new Promise((resolve) => setTimeout(resolve, Math.min(ms, 3000))));
    const recipes = inventory.files().reduce((sum, { summary }) => sum + summary.recipes.length, 0);
    runs.push({
      name,
      ms,
      blocked,
      idle,
      turn,
      garbage,
      recipes,
      heapMb: (process.memoryUsage().heapUsed - before) / 1e6,
    });
  }
  return runs;
}

/** The editor has things of its own to do when it starts. */
async function quiet(): Promise<void> {
  for (let calm = 0; calm < 3;) {
    const { blocked } = await watched(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    calm = blocked < 8 ? calm + 1 : 0;
    if (++tries > 20) return;
  }
}
let tries = 0;

interface Watched {
  ms: number;
  blocked: number;
  turn: number | null;
  garbage: number;
}

async function watched(work: () => Promise<unknown>): Promise<Watched> {
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
  await new Promise((resolve) => setTimeout(resolve, 20));
  delay.disable();
  collections.disconnect();
  return { ms, blocked: delay.max / 1e6, turn: turns(), garbage };
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
