import { describe, expect, it } from 'vitest';
import { startOf } from '../../../../src/experiment/draw/adapter';
import { drawLayer, residualOf } from '../../../../src/experiment/draw/layer';
import { spec, variant } from '../support/lab';

const deviation = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe('drawLayer', () => {
  it('draws the same bits from the same seed, and others from another', () => {
    expect(drawLayer(spec())).toEqual(drawLayer(spec()));
    expect(drawLayer(spec({ seeds: [4] })).a).not.toEqual(drawLayer(spec()).a);
  });

  it('draws A as Kaiming-uniform with a = √5 does, and B as zeros', () => {
    const { a, b } = drawLayer(spec({ width: 64, rank: 32 }));
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(1 / 8);
    expect(deviation(a)).toBeCloseTo(1 / 8 / Math.sqrt(3), 2);
    expect(b).toEqual(new Float32Array(64 * 32));
  });

  it('draws inputs and what is to be learned at the sizes asked for', () => {
    const data = { target: 'map', inputScale: 3, targetScale: 0.1 } as const;
    const problem = drawLayer(spec({ width: 32, batch: 400, data }));
    expect(deviation(problem.inputs)).toBeCloseTo(3, 1);
    expect(deviation(residualOf(problem))).toBeCloseTo(0.3, 1);
  });

  it('leaves over the frozen output minus noise where the targets are noise', () => {
    const noise = (targetScale: number): Float32Array =>
      residualOf(drawLayer(spec({ width: 16, batch: 400, data: { target: 'noise', inputScale: 1, targetScale } })));
    // W0 has elements of variance 1/(3·width).
    expect(deviation(noise(0))).toBeCloseTo(Math.sqrt(1 / 3), 1);
    expect(deviation(noise(2))).toBeCloseTo(Math.sqrt(1 / 3 + 4), 1);
  });
});

describe('startOf', () => {
  const problem = drawLayer(spec());

  it('scales the common draw', () => {
    const { a } = startOf(problem, variant({ init: { A: 0.5, B: 1 } }));
    expect(a).toEqual(problem.a.map((value) => value / 2));
  });

  it('nudges every element of A by one unit in the last place, up and down', () => {
    const { a } = startOf(problem, variant({ ulpSeed: 1 }));
    const bits = (values: Float32Array): Int32Array => new Int32Array(values.buffer);
    const moves = new Set([...bits(a)].map((bit, i) => bit - (bits(problem.a)[i] ?? 0)));
    expect(moves).toEqual(new Set([-1, 1]));
    expect(startOf(problem, variant({ ulpSeed: 2 })).a).not.toEqual(a);
  });
});
