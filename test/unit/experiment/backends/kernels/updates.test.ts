import { beforeAll, describe, expect, it } from 'vitest';
import { ADAM_UPDATE, SGD_UPDATE } from '../../../../../src/experiment/tensors/operations';
import { run, spec, variant } from '../../support/lab';
import { BUILDS, startWith, without } from './support';

const hyper = { lr: 0.01, weightDecay: 0.1, constants: { eps: 1e-8 } };
const variants = [
  variant({ a: hyper, b: { ...hyper, lr: 0.16 } }),
  variant({ name: 'other', role: 'plan', scaling: 0.3, a: { ...hyper, constants: { eps: 1e-2 } } }),
];

const rows = [
  { kernel: SGD_UPDATE, row: 'sgd', betas: [0.9, 0.999] },
  { kernel: ADAM_UPDATE, row: 'adam', betas: [0.9, 0.999] },
  { kernel: ADAM_UPDATE, row: 'adamw', betas: [0.3, 0.9] },
] as const;

describe.each(BUILDS)('%s', (build) => {
  beforeAll(() => startWith(build));

  it.each(rows)('has the bits of the operations: $row at $betas', async ({ kernel, row, betas }) => {
    const { optimizer } = spec();
    const given = spec({ backend: 'wasm', variants, optimizer: { ...optimizer, row, betas } });
    const atOnce = await run(given);
    const byOperations = await without(kernel, () => run(given));
    expect(atOnce.losses).toEqual(byOperations.losses);
    expect(atOnce.losses[0]).not.toEqual(atOnce.losses[1]);
  });
});
