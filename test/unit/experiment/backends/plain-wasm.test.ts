import { env, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saysSame, SPREAD, verdictOn } from './support';

/** Here all is done by tfjs' own kernels. */
const FEW = SPREAD.filter((_, i) => i % 2 === 0);

/** Which binary is loaded is decided when a backend is made. */
function startAnew(hasSimd: boolean): void {
  const factory = findBackendFactory('wasm');
  removeBackend('wasm');
  env().set('WASM_HAS_SIMD_SUPPORT', hasSimd);
  registerBackend('wasm', factory);
}

beforeAll(() => startAnew(false));
afterAll(() => startAnew(true));

describe('WebAssembly without SIMD', () => {
  it.each(FEW)('gives %s under %s the verdict of cpu, with the proof’s bits', async (task, row) => {
    const verdict = await verdictOn(task, row, 'wasm');
    expect(saysSame(verdict)).toBe(saysSame(await verdictOn(task, row, 'cpu')));
    expect(verdict.proof?.identical).toBe(true);
  });
});
