import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { linearScale, linearTicks, logScale, digitsFor, lossAxis } from '../../../src/plot/scales';

describe('linearScale', () => {
  it('maps the domain onto the range', () => {
    const scale = linearScale([0, 200], [40, 440]);
    expect([0, 50, 200].map(scale.position)).toEqual([40, 140, 440]);
    expect(scale.ticks).toEqual([0, 50, 100, 150, 200]);
  });

  it('finds room around a single value', () => {
    const scale = linearScale([2, 2], [0, 100]);
    expect(scale.position(2)).toBeCloseTo(50);
    expect(linearScale([0, 0], [0, 100]).position(0)).toBe(50);
  });

  it('has round ticks inside the domain, evenly spaced, in a readable number', () => {
    const from = (min: number): fc.Arbitrary<number> => fc.double({ min, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(from(-1e6), from(1e-3), (low, size) => {
        const ticks = linearTicks(low, low + size);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(7);
        for (const tick of ticks) {
          expect(tick).toBeGreaterThanOrEqual(low - size * 1e-6 - 1e-5);
          expect(tick).toBeLessThanOrEqual(low + size * (1 + 1e-6) + 1e-5);
        }
      }),
    );
  });
});

describe('logScale', () => {
  it('puts a decade every so far and everything below the floor on it', () => {
    const scale = logScale([1e-8, 1], [0, 80]);
    expect([1e-8, 1e-4, 1].map((value) => Math.round(scale.position(value)))).toEqual([0, 40, 80]);
    expect([0, 1e-12, NaN].map(scale.position)).toEqual([0, 0, 0]);
    expect(scale.ticks).toEqual([1e-8, 1e-6, 1e-4, 1e-2, 1]);
  });

  it.each(['0,1', '-1,1', '1,0.1', '1e-3,Infinity'])('refuses %s', (ends) => {
    const [low = NaN, high = NaN] = ends.split(',').map(Number);
    expect(() => logScale([low, high], [0, 1])).toThrow(RangeError);
  });
});

const ALL = [0, Infinity] as const;
const base = [1.3, 1, 0.6, 0.3];

test('shows every curve, with a margin', () => {
  const { kind, range } = lossAxis([base, [1.3, 0.7, 0.4, 0.25]], [base], ALL);
  expect([kind, ...range.map((end) => end.toFixed(2))]).toEqual(['linear', '0.19', '1.36']);
});

test('cuts off a curve that explodes, whatever it comes to', () => {
  for (const end of [1e30, Infinity, NaN]) {
    const { range } = lossAxis([base, [1.3, 40, 9000, end]], [base], ALL);
    expect(range[1]).toBeLessThan(4);
  }
});

test('is logarithmic where the base falls by more than two decades', () => {
  const falling = [2, 0.2, 1e-3, 1e-5];
  const { kind, range } = lossAxis([falling], [falling], ALL);
  expect(kind).toBe('log');
  expect(range[0]).toBeGreaterThan(0);
  expect(range[0]).toBeLessThan(1e-5);
  expect(range[1]).toBeGreaterThan(2);
});

test('keeps its kind under zoom and looks at the window alone', () => {
  const falling = [2, 0.2, 1e-3, 1e-5];
  expect(lossAxis([falling], [falling], [0, 1]).kind).toBe('log');
  expect(lossAxis([base], [base], [2, 3]).range[1]).toBeLessThan(0.7);
});

test('always has a range that can be drawn', () => {
  const curve = fc.array(fc.oneof(fc.float(), fc.constantFrom(0, NaN, Infinity, -Infinity)), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(curve, { maxLength: 4 }), (curves) => {
      const { kind, range } = lossAxis(curves, curves.slice(0, 1), ALL);
      expect(Number.isFinite(range[0]) && Number.isFinite(range[1]) && range[0] < range[1]).toBe(true);
      if (kind === 'log') expect(range[0]).toBeGreaterThan(0);
    }),
  );
});

test('ticks of a narrow range have digits enough to differ', () => {
  expect(digitsFor([0, 1.4])).toBe(4);
  expect(digitsFor([1, 1.00001])).toBeGreaterThanOrEqual(7);
  expect(digitsFor([1, 1 + 1e-15])).toBe(9);
});
