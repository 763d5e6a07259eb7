import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeRunner } from '../../../../src/worker/node/runner';
import type { Runner } from '../../../../src/worker/runner';
import { run, spec, variant } from '../../experiment/support/lab';
import { ASSETS, bundle, countingWorker, listening } from '../support/bundle';

let workerPath: string;
let runner: Runner;
const runners: Runner[] = [];

const fresh = (path = workerPath, times: { idleMs?: number; graceMs?: number } = {}): Runner => {
  const made = nodeRunner({ workerPath: path, assets: ASSETS, ...times });
  runners.push(made);
  return made;
};

beforeAll(async () => {
  workerPath = await bundle('src/worker/node/main.ts');
  runner = fresh();
});
afterEach(() => runners.splice(1).forEach((used) => used.dispose()));
afterAll(() => runner.dispose());

const endless = spec({ steps: 1_000_000, backend: 'wasm' });

describe('nodeRunner', () => {
  it('trains in a thread what trains here, bit by bit, on cpu and wasm', async () => {
    for (const backend of ['cpu', 'wasm'] as const) {
      const starts: unknown[] = [];
      const { listener, points } = listening();
      const result = await runner.run(spec({ backend }), { ...listener, onStart: (start) => starts.push(start) });
      expect(result.losses).toEqual((await run(spec({ backend }))).losses);
      expect(starts).toEqual([{ backend, note: null }]);
      expect(points()).toBe(12);
    }
  });

  it('brings numbers that are none across', async () => {
    const wild = { lr: 1e30, weightDecay: 0, constants: { eps: 0 } };
    const { losses } = await runner.run(spec({ variants: [variant({ a: wild, b: wild })] }), {});
    expect(losses[0]?.at(-1)).toBeNaN();
  });

  it('does not start what was stopped before', async () => {
    const stopped = fresh(join(__dirname, 'there-is-no-such-worker.js'));
    const result = await stopped.run(endless, {}, AbortSignal.abort());
    expect(result).toMatchObject({ stopped: true, losses: [[]] });
  });

  it('does not stop a run for the sake of one that is over', async () => {
    const hasty = fresh(workerPath, { graceMs: 1 });
    await hasty.run(spec(), {});
    const { stopped, losses } = await hasty.run(spec({ steps: 400 }), {});
    expect({ stopped, steps: losses[0]?.length }).toEqual({ stopped: false, steps: 400 });
  });

  it('only runs the last of many that come at once', async () => {
    const results = await Promise.all([1, 2, 3].map(() => runner.run(endless, {})).concat(runner.run(spec(), {})));
    expect(results.map(({ stopped }) => stopped)).toEqual([true, true, true, false]);
  });

  it('rejects with the worker’s own words when a run throws, and the next run works', async () => {
    const bad = spec({ optimizer: { row: 'none', betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} } });
    await expect(runner.run(bad, {})).rejects.toThrow(/^no training for the optimizer none/);
    expect((await runner.run(spec(), {})).stopped).toBe(false);
  });

  it('rejects when there is no worker to start', async () => {
    const missing = fresh(join(workerPath, '..', 'there-is-no-such-worker.js'));
    await expect(missing.run(spec(), {})).rejects.toThrow(/^The training worker failed: Cannot find module/);
  });

  it('ends a worker that does not answer, and tells what came so far', async () => {
    const path = join(workerPath, '..', 'worker-that-is-deaf.cjs');
    await writeFile(
      path,
      `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ method }) => {
        if (method !== 'run') return;
        parentPort.postMessage({ type: 'tell', method: 'points', params: { from: 0, losses: [[1, 2]] } });
        setTimeout(() => { for (;;); }, 20);
      });`,
    );
    const stop = new AbortController();
    const deaf = fresh(path, { graceMs: 50 });
    const first = listening();
    const result = deaf.run(spec(), first.listener, stop.signal);
    await first.running;
    stop.abort();
    expect(await result).toMatchObject({ stopped: true, losses: [[1, 2]] });
    // Only another worker can say anything.
    const second = listening();
    const next = deaf.run(spec(), second.listener);
    await second.running;
    deaf.dispose();
    await expect(next).rejects.toThrow('The training has been shut down.');
  });

  it('ends an idle worker after a while', async () => {
    const { path, starts } = await countingWorker(workerPath);
    const brief = fresh(path, { idleMs: 20 });
    const startsAfterRun = async (): Promise<number> => {
      expect((await brief.run(spec(), {})).stopped).toBe(false);
      return starts();
    };
    expect(await startsAfterRun()).toBe(1);
    // Between two looks it has been idle for long enough.
    await expect.poll(startsAfterRun, { interval: 100, timeout: 5_000 }).toBe(2);
  });

  it('trains no more once disposed of', async () => {
    const { listener, running } = listening();
    const used = fresh();
    const result = used.run(endless, listener);
    await running;
    used.dispose();
    await expect(result).rejects.toThrow('The training has been shut down.');
    await expect(used.run(spec(), {})).rejects.toThrow('The training has been shut down.');
  });

  it('does not keep a program alive', async () => {
    const script = await bundle('test/unit/worker/support/script.ts');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, workerPath, ASSETS], {
      timeout: 120_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: '12 steps', stderr: '' });
  });
});
