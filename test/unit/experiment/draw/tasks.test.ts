import { describe, expect, it } from 'vitest';
import { drawMlp } from '../../../../src/experiment/draw/mlp';
import {
  drawModel,
  embedded,
  drawTransformer,
  languageOf,
  lessonOf,
} from '../../../../src/experiment/draw/transformer';
import { matrixOf, modelShapeOf } from '../../../../src/experiment/tasks/transformer/model';
import { randomOf } from '../../../../src/experiment/draw/random';
import { spec } from '../support/lab';

describe('drawMlp', () => {
  it('draws matrices of the sizes asked for', () => {
    const { layers, draws } = drawMlp(spec({ width: 5, rank: 3, sizes: { hidden: 8, layers: 3 } }));
    expect(layers.map(({ frozen }) => frozen.length)).toEqual([40, 64, 40]);
    expect(draws[0]?.adapters.map(({ a, b }) => [a.length, b.length])).toEqual([
      [15, 24],
      [24, 24],
      [24, 15],
    ]);
    const usual = drawMlp(spec({ width: 5 })).layers;
    expect(usual.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [5, 10],
      [10, 5],
    ]);
  });
});

describe('drawTransformer', () => {
  const sizes = { hidden: 10, sequence: 4, heads: 3, vocabulary: 7, layers: 2 };
  const block = { norm: 'rms', gated: true, targets: ['k', 'gate', 'down'], pretrainSteps: 0 } as const;
  const asked = spec({ task: 'transformer', width: 6, batch: 25, batches: 2, rank: 2, seeds: [3, 4], sizes, block });
  const model = drawModel(randomOf(9), modelShapeOf(asked));
  const drawn = drawTransformer(asked, model);

  it('draws the same bits from the same seed, whatever other seeds there are, and others from another', () => {
    const [first, second] = drawn.draws;
    expect(drawTransformer({ ...asked, seeds: [3] }, model).draws).toEqual([first]);
    expect(second?.inputs).not.toEqual(first?.inputs);
    expect(second?.adapters).not.toEqual(first?.adapters);
    expect(languageOf({ ...asked, seeds: [4] }).known).not.toEqual(languageOf(asked).known);
  });

  it('draws texts and adapters of the sizes asked for', () => {
    const [{ inputs, targets, adapters } = { inputs: [], targets: [], adapters: [] }] = drawn.draws;
    expect([inputs.length, targets.length]).toEqual([50 * 4 * 6, 50 * 4]);
    expect(adapters.map((ofBlock) => Object.keys(ofBlock))).toEqual([block.targets, block.targets]);
    expect(adapters[1]?.gate?.a).toHaveLength(2 * 6);
    expect(adapters[1]?.gate?.b).toHaveLength(2 * 10);
    expect(adapters[1]?.down?.a).toHaveLength(2 * 10);
    expect(new Set(Array.from(targets))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  });

  it('sees each token where it stands, and is asked for the next', () => {
    const { seen, said } = lessonOf([1, 2, 3, 4, 5, 6], 2);
    expect([seen, said]).toEqual([
      [1, 2, 4, 5],
      [2, 3, 5, 6],
    ]);
    const vectors = embedded(model, [2, 5, 1, 0, 2]);
    const at = (values: Float32Array, row: number): number[] => [...values.slice(row * 6, (row + 1) * 6)];
    const [embedding, positions] = [matrixOf(model, 'embedding'), matrixOf(model, 'positions')];
    const expected = at(embedding, 2).map((value, i) => Math.fround(value + (at(positions, 0)[i] ?? NaN)));
    expect(at(vectors, 0)).toEqual(expected);
    expect(at(vectors, 4)).toEqual(expected);
    expect(at(vectors, 1)).not.toEqual(at(embedding, 5));
  });

  it.each([
    [{ block: { ...block, gated: false } }, 'a block without a gate has no gate: its layers are q, k, v, o, up, down'],
    [{ block: { ...block, targets: [] } }, 'LoRA needs a target: one or more of q, k, v, o, gate, up, down'],
    [{ sizes: { ...sizes, heads: 4 } }, 'a width of 6 cannot be shared by 4 heads'],
    [{ sizes: { ...sizes, vocabulary: 1 } }, 'a vocabulary of 1 has nothing to choose from'],
  ])('says what does not go together: %o', (fields, message) => {
    expect(() => modelShapeOf({ ...asked, ...fields })).toThrow(message);
  });
});
