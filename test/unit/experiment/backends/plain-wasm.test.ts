import { env } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { saysSame, SPREAD, verdictOn } from './support';

/** Its kernels differ from those with SIMD in the operations, which few optimizers use up. */
const FEW = SPREAD.filter((_, i) => i % 2 === 0);

// In a file of its own: which binary is loaded is decided once.
beforeAll(() => env().set('WASM_HAS_SIMD_SUPPORT', false));

describe('WebAssembly without SIMD', () => {
  it.each(FEW)('gives %s under %s the verdict of cpu, with the proof’s bits', async (task, row) => {
    const verdict = await verdictOn(task, row, 'wasm');
    expect(saysSame(verdict)).toBe(saysSame(await verdictOn(task, row, 'cpu')));
    expect(verdict.proof?.identical).toBe(true);
  });
});
