import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../../src/experiment/spec';
import { nodeRunner, type NodeRunnerOptions } from '../../../src/worker/node/runner';
import { sharingRunner } from '../../../src/worker/sharing-runner';
import type { Runner } from '../../../src/worker/runner';
import { run, spec, variant } from '../experiment/support/lab';
import { ASSETS, bundle, countingWorker } from './support/bundle';

let workerPath: string;
let made: Runner[] = [];

beforeAll(async () => {
  workerPath = await bundle('src/worker/node/main.ts');
});
afterEach(() => {
  made.forEach((runner) => runner.dispose());
  made = [];
});

/** A runner that shares everything among so many workers. */
function sharing(cores: number, worthMs = 0, options: Partial<NodeRunnerOptions> = {}): Runner {
  const runner = (): Runner => {
    const one = nodeRunner({ workerPath, assets: ASSETS, ...options });
    made.push(one);
    return one;
  };
  return sharingRunner({ runner, cores, worthMs });
}

const variants = [
  variant(),
  variant({ name: 'double', role: 'plan', scaling: 4 }),
  variant({ name: 'nudged', role: 'control', ulpSeed: 1 }),
  variant({ name: 'half', role: 'plan', scaling: 1 }),
  variant({ name: 'nudged-2', role: 'control', ulpSeed: 2 }),
];
const five = (fields: Partial<ExperimentSpec> = {}): ExperimentSpec => spec({ variants, backend: 'wasm', ...fields });

describe('sharingRunner', () => {
  it.each([2, 3])('gives the bits of one worker with %i of them, its points in order', async (cores) => {
    const whole = await run(five({ steps: 40 }));
    const told: number[][] = variants.map(() => []);
    let starts = 0;
    const shared = await sharing(cores).run(five({ steps: 40 }), {
      onStart: () => starts++,
      onPoints: ({ from, losses }) => {
        expect(from).toBe(told[0]?.length);
        losses.forEach((values, i) => told[i]?.push(...values));
      },
    });
    expect(made).toHaveLength(cores);
    expect({ ...whole, ...shared, ms: 0 }).toEqual({ ...whole, ms: 0 });
    expect(told).toEqual(whole.losses);
    expect(starts).toBe(1);
  });

  it('takes no more workers than it may, asked at each run', async () => {
    let may = 1;
    const runner = (): Runner => {
      const one = nodeRunner({ workerPath, assets: ASSETS });
      made.push(one);
      return one;
    };
    const shared = sharingRunner({ runner, cores: 3, most: () => may, worthMs: 0 });
    await shared.run(five(), {});
    expect(made).toHaveLength(1);
    may = 2;
    await shared.run(five(), {});
    expect(made).toHaveLength(2);
  });

  it('keeps a small experiment in one worker', async () => {
    await sharing(2, 2_000).run(five(), {});
    expect(made).toHaveLength(1);
  });

  it('stops all shares, with as many steps of each', async () => {
    const stop = new AbortController();
    const result = sharing(2).run(five({ steps: 1_000_000 }), { onPoints: () => stop.abort() }, stop.signal);
    const { stopped, losses } = await result;
    expect(stopped).toBe(true);
    expect(losses[0]?.length).toBeGreaterThan(0);
    expect(new Set(losses.map((curve) => curve.length)).size).toBe(1);
  });

  it('ends with one sentence when a worker dies, and trains again', async () => {
    const runner = sharing(2);
    const running = runner.run(five({ steps: 1_000_000 }), { onPoints: () => made[1]?.kill() });
    await expect(running).rejects.toThrow(/^The training worker ended unexpectedly[^\n]*$/);
    expect((await runner.run(five({ steps: 3 }), {})).stopped).toBe(false);
  });

  it('starts further workers when they are needed, and ends them when they are idle', async () => {
    const { path, starts } = await countingWorker(workerPath);
    const runner = sharing(2, 0, { workerPath: path, idleMs: 20 });
    expect(made).toHaveLength(1);
    const startsAfterRun = async (): Promise<number> => {
      expect((await runner.run(five({ steps: 3 }), {})).stopped).toBe(false);
      return starts();
    };
    expect(await startsAfterRun()).toBe(2);
    // Between two looks both have been idle for long enough.
    await expect.poll(startsAfterRun, { interval: 100, timeout: 5_000 }).toBeGreaterThanOrEqual(4);
    expect(made).toHaveLength(2);
  });

  it('does not spread what is too large for one', async () => {
    const runner = sharing(2);
    const wide = five({ width: 20_000, batch: 400 });
    await expect(runner.run(wide, {})).rejects.toThrow(/^5 variants of this problem need about .*; the limit is 1 GB/);
    expect(made).toHaveLength(1);
  });

  it('stops a run when another is asked for', async () => {
    const runner = sharing(2);
    let next: Promise<unknown> | null = null;
    const first = runner.run(five({ steps: 1_000_000 }), {
      onPoints: () => (next ??= runner.run(five({ steps: 3 }), {})),
    });
    expect((await first).stopped).toBe(true);
    expect(await next).toMatchObject({ stopped: false });
  });
});
