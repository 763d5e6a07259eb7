import { backend, memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { cpu } from '../../../src/experiment/backends/cpu';
import { wasm } from '../../../src/experiment/backends/wasm';
import type { ExperimentSpec } from '../../../src/experiment/spec';
import { run, spec, variant } from './support/lab';
import { ROWS_AND_TASKS, TASKS, trainable } from './support/every-run';
import { FEATURES } from './support/features';

type Held = Record<'tensors' | 'bytes', number>;

/** What tfjs holds after each step of all that a run trains: a pretraining, its variants, the rows of a fit. */
async function heldAfterSteps(asked: ExperimentSpec, flushSteps = 1): Promise<Held[]> {
  const held: Held[] = [];
  await run(asked, {
    backends: [wasm, cpu].map((each) => ({ ...each, flushSteps })),
    pause() {
      const { numTensors, numBytes } = memory();
      held.push({ tensors: numTensors, bytes: numBytes });
      return Promise.resolve();
    },
  });
  return held;
}

/** Bytes of WebAssembly's memory, used or not. */
function heapBytes(): number {
  return (backend() as unknown as { wasm: { HEAPU8: Uint8Array } }).wasm.HEAPU8.length;
}

beforeAll(() => run(spec()));

describe('tensors and bytes', () => {
  it.each(ROWS_AND_TASKS)('are the same at step 10 and at step 25 under %s on %s', async (row, task) => {
    const on = ROWS_AND_TASKS.findIndex(([id]) => id === row) % 3 === 0 ? 'wasm' : 'cpu';
    const asked = trainable(row, task, 2, { width: 4, batch: 2, rank: 2, backend: on, steps: 25 });
    const held = (await heldAfterSteps(asked)).slice(-25);
    expect(held[9]?.tensors).toBeGreaterThan(0);
    expect(held[24]).toEqual(held[9]);
  });

  it.each(FEATURES)('are the same at step 10 and at step 60 of %s', async (_, asked) => {
    const small = { width: 8, batch: 2, rank: 2, backend: 'wasm', steps: 60 } as const;
    const before = memory().numTensors;
    // The pretraining takes steps of its own.
    const held = (await heldAfterSteps({ ...asked, ...small })).slice(-60);
    expect(held[59]?.tensors).toBeGreaterThan(before);
    expect(held[59]).toEqual(held[9]);
    expect(memory().numTensors).toBe(before);
  });

  it('are the same at step 10 and at step 60 of a fit', async () => {
    const asked = trainable('adamw', 'linear', 2, { width: 4, batch: 2, rank: 2, backend: 'wasm', steps: 60 });
    const [base = variant(), planned = base] = asked.variants;
    const moved = { ...planned, role: 'rescaled', scaling: 8, a: { ...planned.a, lr: 0.0005 }, b: planned.b } as const;
    const before = memory();
    const fit = { from: 0.2, to: 1.1, count: 4 };
    const held = await heldAfterSteps({ ...asked, fit, variants: [base, moved] });
    const rows = Array.from({ length: held.length / 60 }, (_, i) => held.slice(60 * i, 60 * (i + 1)));
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row[59]).toEqual(row[9]);
    expect(memory().numTensors).toBe(before.numTensors);
  });

  it('are the same all through a pretraining, which leaves none behind', async () => {
    const asked = trainable('sgd', 'transformer', 1, {
      width: 4,
      batch: 1,
      rank: 1,
      seeds: [77],
      steps: 1,
      backend: 'wasm',
    });
    const block = { norm: 'rms', gated: false, targets: ['q'], pretrainSteps: 300 } as const;
    const before = memory().numTensors;
    const held = (await heldAfterSteps({ ...asked, block })).slice(0, -1);
    // Losses are fetched, and the event loop let in, every 256 steps or some milliseconds.
    expect(held.length).toBeGreaterThanOrEqual(2);
    for (const each of held) expect(each).toEqual(held[0]);
    expect(memory().numTensors).toBe(before);
  });

  it.each([
    ['wasm', 'sgd', 'linear'],
    ['cpu', 'adamw', 'linear'],
  ] as const)('are the same from step 10 to step 3,000: %s, %s, %s', async (on, row, task) => {
    const asked = trainable(row, task, 1, { width: 4, batch: 2, rank: 2, backend: on, steps: 3_000 });
    const held = await heldAfterSteps(asked, Number.POSITIVE_INFINITY);
    expect(held.length).toBeGreaterThan(2);
    for (const each of held) expect(each).toEqual(held[0]);
  });

  it('and the heap of WebAssembly do not grow over hundreds of runs, whatever they train', async () => {
    const all = async (): Promise<void> => {
      for (const task of TASKS) {
        const asked = trainable('adamw', task, 3, { width: 4, batch: 4, rank: 2, backend: 'wasm' });
        await run({ ...asked, steps: 2 });
      }
    };
    await all();
    const before = { ...memory(), heap: heapBytes() };
    for (let i = 0; i < 80; i++) await all();
    expect({ ...memory(), heap: heapBytes() }).toEqual(before);
  });

  it('that wait to be fetched are bounded, however fast the steps are', async () => {
    const most: number[] = [];
    const before = memory().numTensors;
    await run(trainable('sgd', 'linear', 1, { width: 2, batch: 1, rank: 1, steps: 3_000 }), {
      onPoints: ({ losses: [base = []] }) => most.push(base.length),
    });
    expect(Math.max(...most)).toBeLessThanOrEqual(256);
    expect(memory().numTensors).toBe(before);
  });
});
