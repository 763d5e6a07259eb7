import { tensor } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { signOf } from '../../../../src/experiment/tensors/sign';
import { run, spec } from '../support/lab';

describe.each(['cpu', 'wasm'] as const)('the sign on %s', (backend) => {
  it('knows the smallest number from zero', async () => {
    await run(spec({ backend, steps: 1 }));
    const values = tensor([3, 1e-6, 2e-8, 1e-38, 0, -0, -1e-38, -2e-8, -1e-6, -3]);
    expect([...signOf(values).dataSync()]).toEqual([1, 1, 1, 1, 0, 0, -1, -1, -1, -1]);
  });
});
