import { describe, expect, it } from 'vitest';
import type { BlockSpec, VariantSpec } from '../../../../src/experiment/spec';
import { ruleVariant } from '../../../../src/experiment/variants/rule';
import { optimizerRow } from '../../../../src/recipe/optimizers/optimizers';
import { run, spec, variant } from '../support/lab';

/** Twins of a decoder with LoRA on every layer, on a base that was trained, must have the base's bits. */

const BLOCKS: readonly BlockSpec[] = [
  { norm: 'rms', gated: true, targets: ['q', 'k', 'v', 'o', 'gate', 'up', 'down'], pretrainSteps: 10 },
  { norm: 'layer', gated: false, targets: ['q', 'k', 'v', 'o', 'up', 'down'], pretrainSteps: 10 },
];
const ROWS = [
  { id: 'adamw', lr: 0.02 },
  { id: 'sgd', lr: 0.2 },
  { id: 'lion', lr: 0.01 },
] as const;
const CASES = BLOCKS.flatMap((block) => ROWS.map((row) => ({ block, ...row, norm: block.norm })));

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  it.each(CASES)('$id, $norm norm: powers of 4, and of 2 where the init is kept', async ({ id, lr, block }) => {
    const row = optimizerRow(id);
    if (!row) throw new Error(`no row ${id}`);
    const hyper = { lr, weightDecay: 0.1, constants: { eps: 1e-5 } };
    const base = variant({ a: hyper, b: hyper, maxGradNorm: 0.5 });
    const free = variant({ a: hyper, b: hyper, name: 'free' });
    const symmetric = [4, 1 / 64].map((k): VariantSpec => ({
      ...ruleVariant(base, row, k),
      name: `symmetric-${k}`,
      role: 'rescaled',
    }));
    // One threshold cannot clip two gradients that grow by different factors.
    const kept = [2, 1 / 8].map((k): VariantSpec => ({
      ...ruleVariant(free, row, k, 'keep-init'),
      name: `keep-init-${k}`,
      role: 'rescaled',
    }));
    const variants = [base, ...symmetric, { ...free, role: 'plan' as const }, ...kept];
    const { losses } = await run(
      spec({
        task: 'transformer',
        loss: 'ce',
        backend,
        width: 8,
        batch: 2,
        batches: 3,
        steps: 12,
        sizes: { hidden: 12, sequence: 4, heads: 2, vocabulary: 8, layers: 2 },
        block,
        optimizer: { row: id, betas: [0.9, 0.99], momentum: id === 'sgd' ? 0.9 : 0, nesterov: false, options: {} },
        clipEps: 0,
        variants,
      }),
    );
    const [clipped, four, sixtyFourth, unclipped, two, eighth] = losses;
    expect(clipped?.at(-1)).not.toBe(clipped?.[0]);
    expect(four).toEqual(clipped);
    expect(sixtyFourth).toEqual(clipped);
    expect(unclipped).not.toEqual(clipped);
    expect(two).toEqual(unclipped);
    expect(eighth).toEqual(unclipped);
  });
});
