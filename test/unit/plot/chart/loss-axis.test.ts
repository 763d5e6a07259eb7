import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digitsFor, lossAxis } from '../../../../src/plot/scales';

const ALL = [0, Infinity] as const;
const base = [1.3, 1, 0.6, 0.3];

test('shows every curve, with a margin', () => {
  const { kind, range } = lossAxis([base, [1.3, 0.7, 0.4, 0.25]], [base], ALL);
  expect(kind).toBe('linear');
  expect(range[0]).toBeLessThan(0.25);
  expect(range[0]).toBeGreaterThanOrEqual(0);
  expect(range[1]).toBeGreaterThan(1.3);
  expect(range[1]).toBeLessThan(1.5);
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
