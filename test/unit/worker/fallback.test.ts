import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeRunner } from '../../../src/worker/node-runner';
import type { KillableRunner } from '../../../src/worker/thread-runner';
import { run, spec } from '../experiment/support/lab';
import { bundle } from './support/bundle';

/** Each in a worker of its own: a backend that has started once does not start again. */
let workerPath: string;
let runner: KillableRunner | null = null;

beforeAll(async () => {
  workerPath = await bundle('src/worker/node.ts', 'worker-fallback');
});
afterEach(() => runner?.dispose());

describe('a thread whose folder has no wasm files', () => {
  it.each([
    ['wasm', 'WebAssembly did not start here. CPU is used instead.'],
    ['auto', 'WebAssembly did not start here. CPU is used instead.'],
    ['webgl', 'WebGL is not available here. WebAssembly did not start here. CPU is used instead.'],
  ] as const)('trains on cpu in place of %s, and says so', async (backend, note) => {
    runner = nodeRunner({ workerPath, assets: '/there/is/no/such/folder' });
    const starts: unknown[] = [];
    const asked = spec({ backend, width: 128, batch: 128, rank: 8, steps: 20 });
    const result = await runner.run(asked, { onStart: (start) => starts.push(start) });
    expect(starts).toEqual([{ backend: 'cpu', note }]);
    expect(result.losses).toEqual((await run({ ...asked, backend: 'cpu' })).losses);
    // And again, though it failed before.
    expect((await runner.run(asked, {})).backend).toBe('cpu');
  });
});
