import { describe, expect, it } from 'vitest';
import { startOf, type InitialAdapter, randomOf } from '../../../../src/experiment/draw/random';
import { drawLayer, type MlpDraw, type MlpProblem } from '../../../../src/experiment/draw/mlp';
import { residualOf } from '../../../../src/experiment/tasks/regression';
import { spec, variant } from '../support/lab';
import { drawDialect, drawTexts, followerOf, REGULAR } from '../../../../src/experiment/draw/language';

const deviation = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

function firstOf({ draws: [draw] }: MlpProblem): MlpDraw {
  if (!draw) throw new Error('no draw');
  return draw;
}

function adapterOf({ adapters: [adapter] }: MlpDraw): InitialAdapter {
  if (!adapter) throw new Error('no adapter');
  return adapter;
}

describe('drawLayer', () => {
  it('draws the same bits from the same seed, and others from another', () => {
    expect(drawLayer(spec())).toEqual(drawLayer(spec()));
    expect(drawLayer(spec({ seeds: [4] })).draws).not.toEqual(drawLayer(spec()).draws);
  });

  it('shares the frozen layer among draws, and nothing else', () => {
    const several = drawLayer(spec({ seeds: [3, 4, 3], batches: 2 }));
    const alone = drawLayer(spec({ seeds: [3], batches: 2 }));
    const [first, second, again] = several.draws;
    expect(several.layers).toEqual(alone.layers);
    expect(first).toEqual(firstOf(alone));
    expect(again).toEqual(first);
    expect(second?.inputs).not.toEqual(first?.inputs);
    expect(second?.targets).not.toEqual(first?.targets);
    expect(second?.adapters[0]?.a).not.toEqual(first?.adapters[0]?.a);
  });

  it('learns the same map from every mini-batch', () => {
    const { layers, draws } = drawLayer(spec({ batches: 3, batch: 4, width: 2 }));
    const [{ inputs, targets } = { inputs: new Float32Array(), targets: [] }] = draws;
    expect([inputs.length, targets.length]).toEqual([24, 24]);
    // Two rows decide a map of width 2; all others follow it.
    const residual = residualOf(layers[0], { inputs, targets });
    const at = (values: Float32Array, row: number): [number, number] => [
      values[2 * row] ?? NaN,
      values[2 * row + 1] ?? NaN,
    ];
    const [[a, b], [c, d]] = [at(inputs, 0), at(inputs, 1)];
    for (let row = 2; row < 12; row++) {
      const [x, y] = at(inputs, row);
      const share = [(x * d - y * c) / (a * d - b * c), (y * a - x * b) / (a * d - b * c)];
      at(residual, row).forEach((value, i) => {
        const expected =
          (share[0] ?? NaN) * (at(residual, 0)[i] ?? NaN) + (share[1] ?? NaN) * (at(residual, 1)[i] ?? NaN);
        expect(value).toBeCloseTo(expected, 4);
      });
    }
  });

  it('draws A as Kaiming-uniform with a = √5 does, and B as zeros', () => {
    const { a, b } = adapterOf(firstOf(drawLayer(spec({ width: 64, rank: 32 }))));
    expect(Math.max(...a.map(Math.abs))).toBeLessThanOrEqual(1 / 8);
    expect(deviation(a)).toBeCloseTo(1 / 8 / Math.sqrt(3), 2);
    expect(b).toEqual(new Float32Array(64 * 32));
  });

  it('draws inputs and what is to be learned at the sizes asked for', () => {
    const data = { target: 'map', inputScale: 3, targetScale: 0.1 } as const;
    const problem = drawLayer(spec({ width: 32, batch: 400, data }));
    expect(deviation(firstOf(problem).inputs)).toBeCloseTo(3, 1);
    expect(deviation(residualOf(problem.layers[0], firstOf(problem)))).toBeCloseTo(0.3, 1);
  });

  it('leaves over the frozen output minus noise where the targets are noise', () => {
    const noise = (targetScale: number): Float32Array => {
      const data = { target: 'noise', inputScale: 1, targetScale } as const;
      const problem = drawLayer(spec({ width: 16, batch: 400, data }));
      return residualOf(problem.layers[0], firstOf(problem));
    };
    // W0 has elements of variance 1/(3·width).
    expect(deviation(noise(0))).toBeCloseTo(Math.sqrt(1 / 3), 1);
    expect(deviation(noise(2))).toBeCloseTo(Math.sqrt(1 / 3 + 4), 1);
  });
});

describe('startOf', () => {
  const problem = adapterOf(firstOf(drawLayer(spec())));

  it('scales the common draw', () => {
    const { a } = startOf(problem, variant({ init: { A: 0.5, B: 1 } }), 3);
    expect(a).toEqual(problem.a.map((value) => value / 2));
  });

  it('nudges every element of A by one unit in the last place, up and down', () => {
    const { a } = startOf(problem, variant({ ulpSeed: 1 }), 3);
    const bits = (values: Float32Array): Int32Array => new Int32Array(values.buffer);
    const moves = new Set([...bits(a)].map((bit, i) => bit - (bits(problem.a)[i] ?? 0)));
    expect(moves).toEqual(new Set([-1, 1]));
    expect(startOf(problem, variant({ ulpSeed: 2 }), 3).a).not.toEqual(a);
  });
});

const VOCABULARY = 16;
const LENGTH = 8;
const dialects = (seed: number) => {
  const random = randomOf(seed);
  return [drawDialect(random, VOCABULARY), drawDialect(random, VOCABULARY)] as const;
};

describe('a dialect', () => {
  it('is the same from the same seed, and another from another or at the next call', () => {
    const [one, other] = dialects(1);
    expect(dialects(1)).toEqual([one, other]);
    expect(other).not.toEqual(one);
    expect(dialects(2)[0]).not.toEqual(one);
  });

  it('has one follower for each token in either company, and every token follows once', () => {
    const [{ follows }] = dialects(3);
    const tokens = Array.from({ length: VOCABULARY }, (_, token) => token);
    for (const followers of follows) expect(followers.toSorted((a, b) => a - b)).toEqual(tokens);
    expect(follows[0]).not.toEqual(follows[1]);
  });

  it('lets the kind of the token before the last decide what follows', () => {
    const [dialect] = dialects(4);
    expect(followerOf(dialect, 2, 5)).toBe(dialect.follows[0][5]);
    expect(followerOf(dialect, 7, 5)).toBe(dialect.follows[1][5]);
  });
});

describe('texts', () => {
  const [dialect, foreign] = dialects(5);
  const texts = drawTexts(randomOf(6), dialect, 500, LENGTH);

  it('are as many and as long as asked for, the same from the same seed', () => {
    expect(texts).toHaveLength(500 * (LENGTH + 1));
    expect(drawTexts(randomOf(6), dialect, 500, LENGTH)).toEqual(texts);
    expect(drawTexts(randomOf(6), dialect, 1, 1)).toHaveLength(2);
    expect(new Set(texts).size).toBe(VOCABULARY);
    expect(Math.min(...texts)).toBe(0);
  });

  it('keep the rules of their dialect as often as they should, and those of another by chance alone', () => {
    const share = (rules: typeof dialect): number => {
      let [kept, places] = [0, 0];
      texts.forEach((token, i) => {
        if (i % (LENGTH + 1) < 2) return;
        places++;
        if (followerOf(rules, texts[i - 2] ?? 0, texts[i - 1] ?? 0) === token) kept++;
      });
      return kept / places;
    };
    expect(share(dialect)).toBeCloseTo(REGULAR + (1 - REGULAR) / VOCABULARY, 1);
    expect(share(foreign)).toBeLessThan(0.25);
  });
});
