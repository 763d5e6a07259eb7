import { describe, expect, it } from 'vitest';
import { drawMlp } from '../../../../src/experiment/draw/mlp';
import { drawTransformer, PROJECTIONS, shapeOf } from '../../../../src/experiment/draw/transformer';
import { spec } from '../support/lab';

describe('drawMlp', () => {
  it('draws the same bits from the same seed, and others from another', () => {
    expect(drawMlp(spec())).toEqual(drawMlp(spec()));
    expect(drawMlp(spec({ seeds: [4] })).first).not.toEqual(drawMlp(spec()).first);
  });

  it('draws matrices of the sizes asked for', () => {
    const { hidden, first, second } = drawMlp(spec({ width: 5, rank: 3, sizes: { hidden: 8 } }));
    expect(hidden).toBe(8);
    expect([first, second].map(({ frozen }) => frozen.length)).toEqual([40, 40]);
    expect([first.adapter.a, first.adapter.b].map(({ length }) => length)).toEqual([15, 24]);
    expect([second.adapter.a, second.adapter.b].map(({ length }) => length)).toEqual([24, 15]);
    expect(drawMlp(spec({ width: 5 })).hidden).toBe(10);
  });
});

describe('drawTransformer', () => {
  const sizes = { hidden: 10, sequence: 4, heads: 3, vocabulary: 7 };
  const drawn = drawTransformer(spec({ width: 6, batch: 50, rank: 2, sizes }));

  it('draws the same bits from the same seed, and others from another', () => {
    expect(drawTransformer(spec({ width: 6 }))).toEqual(drawTransformer(spec({ width: 6 })));
    expect(drawTransformer(spec({ width: 6, seeds: [4] })).head).not.toEqual(drawTransformer(spec({ width: 6 })).head);
  });

  it('draws matrices of the sizes asked for', () => {
    for (const projection of PROJECTIONS) {
      const { inputs, outputs } = shapeOf(projection, drawn);
      expect(drawn.frozen[projection]).toHaveLength(inputs * outputs);
    }
    expect(drawn.inputs).toHaveLength(50 * 4 * 6);
    expect(drawn.head).toHaveLength(7 * 6);
    expect(Object.keys(drawn.adapters)).toEqual(['q', 'v']);
  });

  it.each(['map', 'noise'] as const)('names tokens of the vocabulary, all of them (%s)', (target) => {
    const data = { target, inputScale: 1, targetScale: 1 };
    const { targets } = drawTransformer(spec({ width: 6, batch: 50, sizes, data }));
    expect(targets).toHaveLength(200);
    expect(new Set(Array.from(targets))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
  });
});
