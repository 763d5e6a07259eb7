import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import type { LanguageModel } from '../../../../src/experiment/draw/model';
import type { ExperimentSpec } from '../../../../src/experiment/spec';
import { baseKey, pretrained, shapeOfKey } from '../../../../src/experiment/training/pretrained';
import { baseWith, weightsOf } from '../../../../src/experiment/training/ready-bases';
import { ASSETS, quiet, run, spec, variant } from '../support/lab';

const small = (fields: Partial<ExperimentSpec> = {}): ExperimentSpec =>
  spec({
    task: 'transformer',
    loss: 'ce',
    width: 8,
    batch: 2,
    rank: 2,
    sizes: { hidden: 8, sequence: 4 },
    block: { norm: 'layer', gated: false, targets: ['q', 'up'], pretrainSteps: 8 },
    optimizer: { row: 'adamw', betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    variants: [variant()],
    ...fields,
  });

describe('a base that is given', () => {
  let base: LanguageModel;
  beforeAll(async () => {
    await chooseBackend('wasm', quiet.backends, ASSETS);
    base = await pretrained(small(), 'wasm', quiet);
  });
  const given = (model: LanguageModel): ReadonlyMap<string, LanguageModel> => new Map([[baseKey(small()), model]]);

  it('has every bit of the one that was trained', () => {
    expect(baseWith(shapeOfKey(baseKey(small())), weightsOf(base))).toEqual(base);
  });

  it('is refused with too few weights, or too many', () => {
    const weights = weightsOf(base);
    for (const wrong of [weights.slice(1), Float32Array.from([...weights, 0])])
      expect(() => baseWith(base.shape, wrong)).toThrow(/^a base of \d+ weights was given \d+$/);
  });

  it('gives the same losses as training it', async () => {
    const trained = await run(small({ backend: 'wasm' }));
    expect((await run(small({ backend: 'wasm' }), { bases: given(base) })).losses).toEqual(trained.losses);
  });

  it('is taken by every backend, and only for the spec that it was made from', async () => {
    const other = baseWith(
      base.shape,
      weightsOf(base).map((weight) => weight / 2),
    );
    for (const backend of ['cpu', 'wasm'] as const) {
      const own = await run(small({ backend }));
      const halved = await run(small({ backend }), { bases: given(other) });
      expect(halved.losses).not.toEqual(own.losses);
      const seed = small({ backend, seeds: [4] });
      expect((await run(seed, { bases: given(other) })).losses).toEqual((await run(seed)).losses);
    }
  });
});
