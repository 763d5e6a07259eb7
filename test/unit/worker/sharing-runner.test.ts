import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ExperimentSpec } from '../../../src/experiment/spec';
import { nodeRunner } from '../../../src/worker/node-runner';
import { sharingRunner } from '../../../src/worker/sharing-runner';
import type { KillableRunner } from '../../../src/worker/thread-runner';
import { run, spec, variant } from '../experiment/support/lab';
import { ASSETS, bundle } from './support/bundle';

let workerPath: string;
let made: KillableRunner[] = [];

beforeAll(async () => {
  workerPath = await bundle('src/worker/node.ts', 'worker-node');
});
afterEach(() => {
  made.forEach((runner) => runner.dispose());
  made = [];
});

/** A runner that shares everything among so many workers. */
function sharing(cores: number, worthMs = 0): KillableRunner {
  const runner = (): KillableRunner => {
    const one = nodeRunner({ workerPath, assets: ASSETS });
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
    expect({ ...shared, ms: 0 }).toEqual({ ...whole, ms: 0 });
    expect(told).toEqual(whole.losses);
    expect(starts).toBe(1);
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
