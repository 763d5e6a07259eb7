import { memory, tidy } from '@tensorflow/tfjs-core';
import { describe, expect, it, beforeAll } from 'vitest';
import { chooseBackend } from '../../../../src/experiment/backends/choose';
import { drawTexts, type Dialect } from '../../../../src/experiment/draw/language';
import { drawModel, languageOf, lessonOf } from '../../../../src/experiment/draw/transformer';
import { modelShapeOf, type LanguageModel } from '../../../../src/experiment/tasks/transformer/model';
import { randomOf } from '../../../../src/experiment/draw/random';
import { pretrained, baseKey, shapeOfKey, baseWith, weightsOf } from '../../../../src/experiment/training/pretrained';
import type { BackendId, ExperimentSpec } from '../../../../src/experiment/spec';
import { pretrainingTask } from '../../../../src/experiment/tasks/transformer/pretraining';
import { ASSETS, quiet, run, spec, variant, smallTransformer } from '../support/lab';

const hyper = { lr: 5e-3, weightDecay: 0, constants: { eps: 1e-8 } };
const asked = (seed: number, fields: Partial<ExperimentSpec> = {}): ExperimentSpec =>
  spec({
    task: 'transformer',
    loss: 'ce',
    width: 16,
    batch: 4,
    rank: 4,
    seeds: [seed],
    steps: 60,
    optimizer: { row: 'adamw', betas: [0.9, 0.999], momentum: 0, nesterov: false, options: {} },
    variants: [variant({ a: hyper, b: hyper })],
    backend: 'wasm',
    ...fields,
  });

async function up(backend: BackendId): Promise<void> {
  await chooseBackend(backend, quiet.backends, ASSETS);
}

/** Loss of a model on many texts of a dialect that it has not seen. */
function lossOn(model: LanguageModel, dialect: Dialect): number {
  const { sequence } = model.shape;
  const task = pretrainingTask(model, [lessonOf(drawTexts(randomOf(1234), dialect, 100, sequence), sequence)], 100);
  const [loss = NaN] = tidy(() => task.pass(task.start(), 1).loss.dataSync());
  task.dispose();
  return loss;
}

describe.each([
  { name: 'Llama’s kind of block', block: undefined },
  {
    name: 'layer norm and a plain MLP',
    block: { norm: 'layer', gated: false, targets: ['q', 'v', 'up'], pretrainSteps: 60 } as const,
  },
])('a base with $name', ({ block }) => {
  it.each([1, 2])('knows its own dialect and not the other, which LoRA then learns (seed %i)', async (seed) => {
    const wanted = asked(seed, block ? { block } : {});
    await up('wasm');
    const model = await pretrained(wanted, 'wasm', quiet);
    const { known, foreign } = languageOf(wanted);
    const { shape } = model;
    const chance = Math.log(shape.vocabulary);
    const untrained = drawModel(randomOf(seed), shape);
    expect(lossOn(untrained, known)).toBeGreaterThan(0.9 * chance);
    expect(lossOn(model, known)).toBeLessThan(0.5 * chance);
    expect(lossOn(model, foreign)).toBeGreaterThan(chance);
    const { losses } = await run(wanted);
    const [learned = []] = losses;
    expect(learned[0]).toBeGreaterThan(chance);
    expect(learned.at(-1)).toBeLessThan(0.7 * (learned[0] ?? 0));
  });
});

const BRIEF = { norm: 'rms', gated: true, targets: ['q'], pretrainSteps: 8 } as const;
const small = asked(1, { width: 8, sizes: { hidden: 8, sequence: 4 }, block: BRIEF });

describe('pretraining', () => {
  it.each(['cpu', 'wasm'] as const)('gives the same bits for the same spec, kept or trained again (%s)', async (id) => {
    await up(id);
    const first = await pretrained(small, id, quiet);
    expect(await pretrained(small, id, quiet)).toBe(first);
    // Others push it out of what is kept.
    for (const seed of [2, 3, 4, 5]) await pretrained({ ...small, seeds: [seed] }, id, quiet);
    const again = await pretrained(small, id, quiet);
    expect(again).not.toBe(first);
    expect(again).toEqual(first);
    expect((await pretrained({ ...small, seeds: [2] }, id, quiet)).matrices['head']).not.toEqual(
      first.matrices['head'],
    );
  });

  it('leaves a base untrained where it takes no step, and one that was stopped is not kept', async () => {
    await up('cpu');
    const raw = await pretrained({ ...small, block: { ...BRIEF, pretrainSteps: 0 } }, 'cpu', quiet);
    const { random } = languageOf(small);
    expect(raw).toEqual(drawModel(random, modelShapeOf(small)));
    const long = { ...small, block: { ...BRIEF, pretrainSteps: 2000 } };
    const before = memory().numTensors;
    const stopped = await pretrained(long, 'cpu', { ...quiet, isStopped: () => true });
    expect(memory().numTensors).toBe(before);
    const again = await pretrained(long, 'cpu', { ...quiet, isStopped: () => true });
    expect(again).not.toBe(stopped);
  });

  it('uses nothing but the first seed', async () => {
    await up('cpu');
    expect(await pretrained({ ...small, seeds: [1, 8] }, 'cpu', quiet)).toBe(await pretrained(small, 'cpu', quiet));
  });
});

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
