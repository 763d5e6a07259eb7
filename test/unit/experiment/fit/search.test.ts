import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestRate } from '../../../../src/experiment/fit/search';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';

const FIT = { from: 1 / 8, to: 2, count: 7, rounds: 3 };
const STEPS = 40;

/** A loss that falls at two speeds, which no single rate brings together with those of another `slow`. */
function curve(rate: number, slow: number): number[] {
  return Array.from({ length: STEPS }, (_, step) => Math.exp(-rate * 0.05 * step) + Math.exp(-rate * slow * step));
}

describe('closestRate', () => {
  it('finds what a fine grid finds, wherever it lies', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0.15, max: 1.6, noNaN: true }), async (best) => {
        const base = curve(best, 0.03);
        const at = (factor: number): number[] => curve(factor, 0.02);
        const fit = await closestRate(FIT, base, (factors) => Promise.resolve(factors.map(at)));
        const grid = Array.from({ length: 1001 }, (_, i) => FIT.from * (FIT.to / FIT.from) ** (i / 1000));
        const worst = (factor: number): number => Math.max(...deviationsOf(at(factor), base));
        const least = Math.min(...grid.map(worst));
        expect(fit?.deviation).toBe(worst(fit?.lr ?? NaN));
        expect(fit?.losses).toEqual(at(fit?.lr ?? NaN));
        expect(fit?.deviation ?? NaN).toBeLessThan(least * 1.1);
      }),
      { numRuns: 30 },
    );
  });

  it('walks on where the closest lies beyond the ends', async () => {
    const base = curve(2.6, 0.004);
    const fit = await closestRate(FIT, base, (factors) => Promise.resolve(factors.map((each) => curve(each, 0.004))));
    expect(fit?.lr).toBeGreaterThan(2.4);
  });

  it('trains no rate twice on its way, which interpolation could not bear', async () => {
    for (const from of [0.1, 1 / 7, 0.3, 0.5]) {
      const factors: number[] = [];
      await closestRate({ ...FIT, from, to: 1.1 }, curve(2.6, 0.004), (row) => {
        factors.push(...row);
        return Promise.resolve(row.map((each) => curve(each, 0.004)));
      });
      const sorted = factors.toSorted((one, other) => one - other);
      const steps = sorted.slice(1).map((factor, i) => factor / (sorted[i] ?? NaN) - 1);
      expect(factors.length).toBeGreaterThan(FIT.count);
      expect(Math.min(...steps)).toBeGreaterThan(1e-3);
    }
  });

  it('passes over rates that explode, and finds none where all do', async () => {
    const base = curve(0.3, 0.004);
    const exploding = (from: number) => (factors: readonly number[]) =>
      Promise.resolve(factors.map((each) => curve(each, 0.004).map((loss, i) => (each > from && i > 9 ? NaN : loss))));
    expect((await closestRate(FIT, base, exploding(0.5)))?.lr).toBeCloseTo(0.3, 2);
    expect(await closestRate(FIT, base, exploding(0))).toBeNull();
  });

  it('gives the best so far when it is stopped, and none when it is stopped at once', async () => {
    const base = curve(0.3, 0.004);
    const stoppedAfter = (rows: number) => {
      let trained = 0;
      return (factors: readonly number[]) =>
        Promise.resolve(trained++ < rows ? factors.map((each) => curve(each, 0.004)) : null);
    };
    expect(await closestRate(FIT, base, stoppedAfter(0))).toBeNull();
    const coarse = await closestRate(FIT, base, stoppedAfter(1));
    const fine = await closestRate(FIT, base, stoppedAfter(9));
    expect(coarse?.deviation).toBeGreaterThan(fine?.deviation ?? NaN);
  });

  it('trains a row, then a few of three at most', async () => {
    const rows: number[] = [];
    await closestRate({ ...FIT, rounds: 2 }, curve(0.3, 0.004), (factors) => {
      rows.push(factors.length);
      // Losses that no interpolation foresees.
      return Promise.resolve(
        factors.map((each) => curve(each, 0.004).map((loss, i) => loss + Math.sin(1e4 * each + i))),
      );
    });
    expect(rows[0]).toBe(7);
    expect(rows.length).toBeLessThanOrEqual(3);
    expect(Math.max(...rows.slice(1))).toBeLessThanOrEqual(3);
  });
});
