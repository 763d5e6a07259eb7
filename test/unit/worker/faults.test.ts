import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../../src/experiment/spec';
import { nodeRunner } from '../../../src/worker/node/runner';
import type { Runner, RunListener } from '../../../src/worker/runner';
import { run, spec, variant } from '../experiment/support/lab';
import { trainable } from '../experiment/support/every-run';
import { ASSETS, bundle, listening } from './support/bundle';

/** Within this, whoever stops a run has an answer. A busy machine may be late once. */
const AT_ONCE_MS = 100;
const BUSY = { retry: 3 };

let folder: string;
let workerPath: string;
const runners: Runner[] = [];
const rejections: unknown[] = [];
const note = (reason: unknown): void => void rejections.push(reason);

const fresh = (path = workerPath, options: { graceMs?: number; heapMb?: number } = {}): Runner => {
  const runner = nodeRunner({ workerPath: path, assets: ASSETS, ...options });
  runners.push(runner);
  return runner;
};

beforeAll(async () => {
  workerPath = await bundle('src/worker/node/main.ts');
  folder = await mkdtemp(join(tmpdir(), 'lora-alpha-faults-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  rejections.length = 0;
  process.on('unhandledRejection', note);
});
afterEach(() => {
  runners.splice(0).forEach((runner) => runner.dispose());
  process.off('unhandledRejection', note);
  expect(rejections).toEqual([]);
});

const endless = spec({ steps: 1_000_000, backend: 'wasm' });
const large: Partial<ExperimentSpec> = { width: 1_000, batch: 2_000, rank: 8, steps: 1_000, backend: 'cpu' };
const many = (count: number): ExperimentSpec['variants'] =>
  Array.from({ length: count }, (_, i) => variant(i === 0 ? {} : { name: `v${i}`, role: 'plan' }));
const slow = { lr: 0.005, weightDecay: 0, constants: { eps: 1e-8 } };
const noise = { target: 'noise', inputScale: 1, targetScale: 1 } as const;

/** A way to stop that knows how long ago it was used first. */
function stopper(): { stop: () => void; signal: AbortSignal; sinceMs: () => number } {
  const controller = new AbortController();
  let told = 0;
  const stop = (): void => {
    told ||= performance.now();
    controller.abort();
  };
  return { stop, signal: controller.signal, sinceMs: () => performance.now() - told };
}

describe('a stop is answered at once', () => {
  /** When to stop: as soon as the run is asked for, when the backend is up, with the first points, or a while later. */
  const moments: Record<string, (stop: () => void) => RunListener> = {
    'as soon as it is asked for': (stop) => {
      stop();
      return {};
    },
    'while the thread and its backend start': (stop) => {
      setTimeout(stop, 10);
      return {};
    },
    'before the first point': (stop) => ({ onStart: stop }),
    'with the first points': (stop) => ({ onPoints: stop }),
    'while it is at work on something long': (stop) => {
      setTimeout(stop, 400);
      return {};
    },
  };

  it.each([
    ['as soon as it is asked for', endless],
    ['while the thread and its backend start', endless],
    ['before the first point', endless],
    ['with the first points', endless],
    // W0·x of two thousand rows in float64, in plain JavaScript: some seconds.
    ['while it is at work on something long', spec(large)],
    // A step on cpu that takes as long: little is drawn, and much trained.
    [
      'before the first point',
      spec({ ...large, task: 'mlp', width: 200, batch: 200, data: noise, variants: many(30) }),
    ],
  ])('%s', BUSY, async (moment, asked) => {
    const runner = fresh(workerPath, { graceMs: 200 });
    const { stop, signal, sinceMs } = stopper();
    const result = await runner.run(asked, moments[moment]?.(stop) ?? {}, signal);
    expect(sinceMs()).toBeLessThan(AT_ONCE_MS);
    expect(result.stopped).toBe(true);
    expect(result.losses).toHaveLength(asked.variants.length);
    expect((await runner.run(spec(), {})).losses).toEqual((await run(spec())).losses);
  });

  it('in the middle of a pretraining, whose model is not taken for a finished one', BUSY, async () => {
    const runner = fresh();
    const few = trainable('sgd', 'transformer', 1, { width: 8, batch: 2, rank: 1, steps: 4, backend: 'wasm' });
    const block = { norm: 'rms', gated: true, targets: ['q'], pretrainSteps: 20_000 } as const;
    const { stop, signal, sinceMs } = stopper();
    let started = 0;
    setTimeout(stop, 500);
    const onStart = (): void => void started++;
    const result = await runner.run({ ...few, block }, { onStart }, signal);
    expect(sinceMs()).toBeLessThan(AT_ONCE_MS);
    expect(result).toMatchObject({ stopped: true, losses: [[]] });
    expect(started).toBe(0);
    // The same worker goes on, and draws its own base.
    const short = { ...few, block: { ...block, pretrainSteps: 20 } };
    expect((await runner.run(short, {})).losses).toEqual((await run(short)).losses);
  });

  it('in the middle of a fit, with the curves that are done', BUSY, async () => {
    const runner = fresh();
    const steps = 400;
    const planned = variant({ name: 'rescaled', role: 'rescaled', scaling: 8, a: slow, b: slow });
    const fit = { from: 0.1, to: 1.1, count: 40 };
    const asked = spec({ steps, backend: 'wasm', variants: [variant(), planned], width: 24, batch: 48 });
    const { stop, signal, sinceMs } = stopper();
    const onPoints: RunListener['onPoints'] = ({ from, losses }) => {
      // All variants are done: what goes on is the fit.
      if (from + (losses[0]?.length ?? 0) >= steps) stop();
    };
    const result = await runner.run({ ...asked, fit }, { onPoints }, signal);
    expect(sinceMs()).toBeLessThan(AT_ONCE_MS);
    expect(result.fit).toBeUndefined();
    expect(result.losses).toEqual((await run(asked)).losses);
    expect((await runner.run(spec(), {})).stopped).toBe(false);
  });

  it('and a run that waits for its turn is stopped like any other', BUSY, async () => {
    const runner = fresh(workerPath, { graceMs: 300 });
    const first = runner.run(spec(large), {});
    const { stop, signal, sinceMs } = stopper();
    const second = runner.run(endless, {}, signal);
    stop();
    expect((await second).stopped).toBe(true);
    expect(sinceMs()).toBeLessThan(AT_ONCE_MS);
    expect((await first).stopped).toBe(true);
  });
});

/** The real worker behind a program whose first thread does something else on the first message. */
async function workerThatFirst(name: string, code: string): Promise<string> {
  const [path, mark] = [join(folder, `${name}.cjs`), JSON.stringify(join(folder, `${name}.started`))];
  await writeFile(
    path,
    `const { parentPort } = require('node:worker_threads');
     const { existsSync, writeFileSync } = require('node:fs');
     if (!existsSync(${mark})) {
       writeFileSync(${mark}, '');
       parentPort.once('message', () => { ${code} });
     } else {
       require(${JSON.stringify(workerPath)});
     }`,
  );
  return path;
}

describe('a worker that is lost ends its run with one sentence, and the next run works', () => {
  it.each([
    ['exits', 'process.exit(7)', {}, /^The training worker ended unexpectedly \(exit code 7\)\. The next run starts/],
    ['throws', 'throw new Error("out of luck\\nand so on")', {}, /^The training worker failed: out of luck$/],
    ['throws-later', 'Promise.reject(new Error("late"))', {}, /^The training worker failed: late$/],
    [
      'allocates',
      'const all = []; for (;;) all.push(new Array(1e5).fill(all.length));',
      { heapMb: 64 },
      /^The training worker ran out of memory\. The next run starts a new one\. Try fewer [^.]+\.$/,
    ],
    [
      'says-text',
      'parentPort.postMessage("hello")',
      {},
      /^A message of the training worker is invalid: not a message: /,
    ],
    ['says-null', 'parentPort.postMessage(null)', {}, /A message of the training worker is invalid/],
    ['says-much', 'parentPort.postMessage("x".repeat(5e6))', {}, /^.{20,400}$/],
    [
      'says-the-unknown',
      'parentPort.postMessage({ type: "tell", method: "toString" })',
      {},
      /there is no method called toString/,
    ],
    [
      'says-wrong-points',
      'parentPort.postMessage({ type: "tell", method: "points", params: { from: "0", losses: [["a"]] } })',
      {},
      /points: from: Invalid type/,
    ],
    [
      'answers-wrong',
      'parentPort.postMessage({ type: "answer", id: 1, value: { losses: 3 } })',
      {},
      /run: the answer does not fit/,
    ],
    ['fails', 'parentPort.postMessage({ type: "failure", id: 1, error: "no luck" })', {}, /^no luck$/],
  ])('%s', async (name, code, options, message) => {
    const runner = fresh(await workerThatFirst(name, code), options);
    await expect(runner.run(spec(), {})).rejects.toThrow(message);
    expect((await runner.run(spec(), {})).losses).toEqual((await run(spec())).losses);
  });

  it('when it is ended from outside in the middle of a run', async () => {
    const runner = fresh();
    const lost = runner.run(endless, { onPoints: () => runner.kill() });
    await expect(lost).rejects.toThrow(/^The training worker ended unexpectedly/);
    expect((await runner.run(spec(), {})).stopped).toBe(false);
  });
});

it('a runner whose worker is killed 25 times in a row leaves no thread behind, and trains on', async () => {
  const runner = fresh();
  const ports = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length;
  await runner.run(spec(), {});
  const before = ports();
  for (let i = 0; i < 25; i++) {
    const kill = (): void => void runner.kill();
    const lost = runner.run(endless, [{}, { onStart: kill }, { onPoints: kill }][i % 3] ?? {});
    if (i % 3 === 0) await expect.poll(() => runner.kill()).toBe(true);
    await expect(lost).rejects.toThrow(/^The training worker ended unexpectedly/);
  }
  expect((await runner.run(spec(), {})).losses).toEqual((await run(spec())).losses);
  await expect.poll(ports).toBeLessThanOrEqual(before);
});

it('a worker ignores what it cannot read, says what is wrong with a call, and goes on', async () => {
  const worker = new Worker(workerPath);
  try {
    const said: { type: string; method?: string; params?: unknown; error?: string; value?: unknown }[] = [];
    worker.on('message', (message: (typeof said)[number]) => said.push(message));
    const run = { spec: { ...spec(), steps: 'many', width: -1 }, assets: ASSETS };
    const junk = [
      42,
      'x'.repeat(5e6),
      { type: 'call' },
      { type: 'tell', method: 'nonsense' },
      { type: 'tell', method: 'stop', params: 1 },
      [],
    ];
    junk.forEach((message) => worker.postMessage(message));
    worker.postMessage({ type: 'call', id: 1, method: 'walk' });
    worker.postMessage({ type: 'call', id: 2, method: 'run', params: run });
    worker.postMessage({ type: 'call', id: 3, method: 'run', params: { spec: spec(), assets: ASSETS } });
    await expect.poll(() => said.find(({ type }) => type === 'answer')).toMatchObject({ id: 3 });
    const failures = said.filter(({ type }) => type === 'failure').map(({ error }) => error);
    expect(failures[0]).toBe('there is no method called walk');
    expect(failures[1]).toMatch(/^run: spec.width: .*; spec.steps: /);
  } finally {
    await worker.terminate();
  }
});

it('a program that shuts its training down in the middle of a run ends by itself', async () => {
  const script = await bundle('test/unit/worker/support/closing-script.ts');
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, workerPath, ASSETS], {
    timeout: 120_000,
  });
  expect({ stdout, stderr }).toEqual({ stdout: 'The training has been shut down.', stderr: '' });
});

describe('several runs', () => {
  it('at once, in two runners, are each their own', async () => {
    const asked = [1, 2].map((seed) => spec({ seeds: [seed], steps: 600, variants: [variant({ scaling: seed })] }));
    const both = await Promise.all(asked.map((each) => fresh().run(each, {})));
    for (const [i, each] of asked.entries()) expect(both[i]?.losses).toEqual((await run(each)).losses);
    expect(both[0]?.losses).not.toEqual(both[1]?.losses);
  });

  it('one started during another, over and over, leave the last to its end', async () => {
    const runner = fresh();
    const stopped: Promise<unknown>[] = [];
    for (let i = 0; i < 5; i++) {
      const { listener, running } = listening();
      stopped.push(runner.run(endless, listener));
      await running;
    }
    const { losses } = await runner.run(spec(), {});
    expect(losses).toEqual((await run(spec())).losses);
    for (const each of await Promise.all(stopped)) expect(each).toMatchObject({ stopped: true });
  });

  it('a thousand in a row, in one worker, leave nothing behind', async () => {
    const runner = fresh();
    const stop = new AbortController();
    const tiny = spec({ steps: 2, backend: 'wasm' });
    const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    const thousand = async (runs: number): Promise<void> => {
      for (let i = 0; i < runs; i++) await runner.run(tiny, {}, stop.signal);
    };
    await thousand(200);
    const before = { rss: process.memoryUsage.rss(), timers: timers() };
    await thousand(1_000);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
    expect(timers()).toBeLessThanOrEqual(before.timers);
    // The thread's memory is the process's. Garbage that is not yet collected may lie about.
    expect(process.memoryUsage.rss() - before.rss).toBeLessThan(40e6);
  });
});
