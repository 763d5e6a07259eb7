import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../../src/experiment/backends/choose';
import { installKernels } from '../../../../../src/experiment/backends/kernels/install';
import { wasm } from '../../../../../src/experiment/backends/wasm';
import { ASSETS } from '../../support/lab';
import { saysSame, SPREAD, verdictOn } from '../support';

/** Here all is done by tfjs' own kernels. */
const FEW = SPREAD.filter((_, i) => i % 2 === 0);

beforeAll(async () => {
  await chooseBackend('wasm', [wasm], ASSETS);
  expect(installKernels([])).toBe(false);
});
afterAll(async () => {
  await chooseBackend('wasm', [wasm], ASSETS);
  expect(installKernels(['relaxed', 'plain'])).toBe(true);
});

describe('WebAssembly without kernels of ours', () => {
  it.each(FEW)('gives %s under %s the verdict of cpu, with the proof’s bits', async (task, row) => {
    const verdict = await verdictOn(task, row, 'wasm');
    expect(saysSame(verdict)).toBe(saysSame(await verdictOn(task, row, 'cpu')));
    expect(verdict.proof?.identical).toBe(true);
  });
});
