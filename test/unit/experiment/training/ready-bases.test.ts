import type { LanguageModel } from '../../../../src/experiment/tasks/transformer/model';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import { baseKey, pretrained, shapeOfKey, baseWith, weightsOf } from '../../../../src/experiment/training/pretrained';
import { ASSETS, quiet, run, smallTransformer } from '../support/lab';

describe('a base that is given', () => {
  let base: LanguageModel;
  beforeAll(async () => {
    await chooseBackend('wasm', quiet.backends, ASSETS);
    base = await pretrained(smallTransformer(), 'wasm', quiet);
  });
  const given = (model: LanguageModel): ReadonlyMap<string, LanguageModel> =>
    new Map([[baseKey(smallTransformer()), model]]);

  it('has every bit of the one that was trained', () => {
    expect(baseWith(shapeOfKey(baseKey(smallTransformer())), weightsOf(base))).toEqual(base);
  });

  it('is refused with too few weights, or too many', () => {
    const weights = weightsOf(base);
    for (const wrong of [weights.slice(1), Float32Array.from([...weights, 0])])
      expect(() => baseWith(base.shape, wrong)).toThrow(/^a base of \d+ weights was given \d+$/);
  });

  it('gives the same losses as training it', async () => {
    const trained = await run(smallTransformer({ backend: 'wasm' }));
    expect((await run(smallTransformer({ backend: 'wasm' }), { bases: given(base) })).losses).toEqual(trained.losses);
  });

  it('is taken by every backend, and only for the spec that it was made from', async () => {
    const other = baseWith(
      base.shape,
      weightsOf(base).map((weight) => weight / 2),
    );
    for (const backend of ['cpu', 'wasm'] as const) {
      const own = await run(smallTransformer({ backend }));
      const halved = await run(smallTransformer({ backend }), { bases: given(other) });
      expect(halved.losses).not.toEqual(own.losses);
      const seed = smallTransformer({ backend, seeds: [4] });
      expect((await run(seed, { bases: given(other) })).losses).toEqual((await run(seed)).losses);
    }
  });
});
