import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dropoutOf, type Dropout } from '../../../../src/experiment/draw/random';

function dropping(dropout: number, seeds = [3, 8]): Dropout {
  const made = dropoutOf({ dropout, seeds });
  if (!made) throw new Error('no dropout');
  return made;
}

/** Pearson's correlation of what is kept. */
function correlation(one: Float32Array, other: Float32Array): number {
  const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [m, n] = [mean(one), mean(other)];
  let [both, first, second] = [0, 0, 0];
  one.forEach((value, i) => {
    const [a, b] = [value - m, (other[i] ?? 0) - n];
    both += a * b;
    first += a * a;
    second += b * b;
  });
  return both / Math.sqrt(first * second);
}

describe('dropoutOf', () => {
  it('is none at 0', () => {
    expect(dropoutOf({ dropout: 0, seeds: [1] })).toBeNull();
  });

  it('keeps so many elements as it should, and makes up for the others', () => {
    for (const rate of [0.05, 0.25, 0.9]) {
      const mask = dropping(rate).mask(0, 1, 'q', 40_000);
      expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
      const dropped = mask.filter((value) => value === 0).length / mask.length;
      expect(Math.abs(dropped - rate)).toBeLessThan(4 * Math.sqrt((rate * (1 - rate)) / mask.length));
    }
  });

  it('depends on seed, step and layer alone', () => {
    const place = fc.record({
      seed: fc.integer(),
      step: fc.integer({ min: 1, max: 100_000 }),
      layer: fc.constantFrom('', '1', '2', 'q', 'down', 'q2'),
    });
    fc.assert(
      fc.property(place, fc.integer(), ({ seed, step, layer }, other) => {
        const mask = dropping(0.5, [seed]).mask(0, step, layer, 64);
        expect(dropping(0.5, [other, seed]).mask(1, step, layer, 64)).toEqual(mask);
        expect(dropping(0.5, [seed]).mask(0, step + 1, layer, 64)).not.toEqual(mask);
        expect(dropping(0.5, [seed]).mask(0, step, `${layer}x`, 64)).not.toEqual(mask);
        expect(dropping(0.5, [seed ^ 1]).mask(0, step, layer, 64)).not.toEqual(mask);
      }),
    );
  });

  it('has nothing in common between neighbours', () => {
    const at = (draw: number, step: number, layer: string, by = 0): Float32Array =>
      dropping(0.3, [1, 2])
        .mask(draw, step, layer, 20_000 + by)
        .subarray(by);
    const mask = at(0, 1, '1');
    const neighbours = [
      at(1, 1, '1'),
      at(0, 2, '1'),
      at(0, 1, '2'),
      at(0, 1, '1', 1),
      at(0, 1, '1', 16),
      at(1, 2, '1'),
    ];
    // Five standard deviations of what chance makes of as many elements.
    for (const other of neighbours) expect(Math.abs(correlation(mask, other))).toBeLessThan(5 / Math.sqrt(20_000));
    // Nor do the first elements of masks that follow each other, of which a toy has few.
    const firsts = (from: number): Float32Array =>
      Float32Array.from({ length: 5_000 }, (_, i) => dropping(0.3, [1]).mask(0, from + i, '1', 1)[0] ?? NaN);
    expect(Math.abs(correlation(firsts(1), firsts(2)))).toBeLessThan(5 / Math.sqrt(5_000));
    expect(firsts(1).filter((value) => value === 0).length / 5_000).toBeCloseTo(0.3, 1);
  });
});
