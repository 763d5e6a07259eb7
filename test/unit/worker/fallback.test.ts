import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nodeRunner } from '../../../src/worker/node/runner';
import type { Runner } from '../../../src/worker/runner';
import { run, spec } from '../experiment/support/lab';
import { ASSETS, bundle } from './support/bundle';

/** Each in a worker of its own: a backend that has started once does not start again. */
let workerPath: string;
let runner: Runner | null = null;

beforeAll(async () => {
  workerPath = await bundle('src/worker/node/main.ts');
});
afterEach(() => runner?.dispose());

describe('a thread whose wasm files are broken', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lora-alpha-wasm-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each<[string, (whole: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['cut off', (whole) => whole.subarray(0, whole.length >> 1)],
    ['overwritten in the middle', (whole) => Buffer.from(whole).fill(0xff, whole.length >> 2, whole.length >> 1)],
    ['something else', () => Buffer.from('<!doctype html><title>404</title>')],
  ])('trains on cpu, and says so: %s', async (_, broken) => {
    for (const name of (await readdir(ASSETS)).filter((each) => each.endsWith('.wasm'))) {
      await writeFile(join(folder, name), broken(await readFile(join(ASSETS, name))));
    }
    runner = nodeRunner({ workerPath, assets: folder });
    const starts: unknown[] = [];
    const asked = spec({ backend: 'wasm', steps: 20 });
    const result = await runner.run(asked, { onStart: (start) => starts.push(start) });
    expect(starts).toEqual([{ backend: 'cpu', note: 'WebAssembly did not start here. CPU is used instead.' }]);
    expect(result.losses).toEqual((await run({ ...asked, backend: 'cpu' })).losses);
  });
});

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
