import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closestRate, plannedAt } from '../../../../src/experiment/fit/closest-rate';
import { specFor } from '../../../../src/experiment/specs/spec-for';
import type { ExperimentSpec, VariantSpec } from '../../../../src/experiment/spec';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { plansFor } from '../../../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';

/** Rates of the grid that the fit is held against. */
const GRID = 60;

function specOf(row: string, learningRate: number, k: number, steps = 60): ExperimentSpec {
  const { optimizer, alpha } = recipeWith();
  const recipe = recipeWith({ learningRate, optimizer: { ...optimizer, name: row, row } });
  const plans = plansFor(recipe, k * alpha, everyKnob);
  return specFor(recipe, plans, 'lr-only', { backend: 'wasm', steps }).spec;
}

function of({ variants }: ExperimentSpec, role: VariantSpec['role']): VariantSpec {
  const found = variants.find((variant) => variant.role === role);
  if (!found) throw new Error(`the spec has no ${role}`);
  return found;
}

describe('the learning rate that fits best', () => {
  it.each([
    ['sgd', 0.1, 4],
    ['sgd', 0.1, 1 / 4],
    ['adamw', 3e-4, 4],
    ['adamw', 3e-4, 16],
    ['lion', 1e-4, 4],
  ])('is what brute force finds: %s at %d, k = %d', async (row, learningRate, k) => {
    const { fit: range, ...spec } = specOf(row, learningRate, k);
    const { from, to } = range ?? { from: NaN, to: NaN };
    const { fit, losses } = await run({ ...spec, ...(range ? { fit: range } : {}) });
    const [base, planned] = [of(spec, 'base'), of(spec, 'rescaled')];
    const factors = Array.from({ length: GRID + 1 }, (_, i) => from * (to / from) ** (i / GRID));
    const grid = factors.map((factor, i) => plannedAt(base, planned, factor, `grid-${i}`));
    const brute = await run({ ...spec, variants: [base, ...grid] });
    const worst = (curve: readonly number[] = []): number => Math.max(...deviationsOf(curve, losses[0] ?? []));
    const found = brute.losses.slice(1).map(worst);
    const least = Math.min(...found);
    const closest = factors[found.indexOf(least)] ?? NaN;

    // At the grid's best place, and no further from the base than the grid's best.
    const place = Math.log(to / from) / GRID;
    expect(Math.abs(Math.log((fit?.lr ?? NaN) / closest))).toBeLessThan(1.5 * place);
    expect(fit?.deviation ?? NaN).toBeLessThan(1.05 * least);
    // It beats the plan's own rate, and still is another run.
    expect(fit?.deviation ?? NaN).toBeLessThan(worst(losses[1]));
    expect(fit?.deviation ?? NaN).toBeGreaterThan(1e-3);
  });

  it('leaves the curves of the variants as they are, bit for bit', async () => {
    const spec = specOf('adamw', 3e-4, 3, 20);
    const { fit, ...without } = spec;
    expect(fit).toBeDefined();
    const points: number[] = [];
    const fitted = await run(spec, { onPoints: ({ losses }) => points.push(losses.length) });
    expect(fitted.fit).toBeDefined();
    expect(fitted.losses).toEqual((await run(without)).losses);
    expect(new Set(points)).toEqual(new Set([spec.variants.length]));
  });

  it('can be cancelled: the run is whole, and the search ends at once', async () => {
    const spec = specOf('adamw', 3e-4, 3, 1000);
    let told = 0;
    let pauses = 0;
    const result = await run(spec, {
      onPoints: ({ from, losses }) => (told = from + (losses[0]?.length ?? 0)),
      isStopped: () => told === spec.steps,
      pause: () => {
        pauses += Number(told === spec.steps);
        return Promise.resolve();
      },
    });
    expect(result).toMatchObject({ stopped: false });
    expect(result.losses[0]).toHaveLength(spec.steps);
    expect(result.fit).toBeUndefined();
    expect(pauses).toBeLessThanOrEqual(2);
  });

  it('is looked for with the rate alone, not beside an exact plan', () => {
    const recipe = recipeWith();
    const plans = plansFor(recipe, 4 * recipe.alpha, everyKnob);
    expect(specFor(recipe, plans, 'symmetric', { backend: 'auto' }).spec.fit).toBeUndefined();
    const { fit } = specFor(recipe, plans, 'lr-only', { backend: 'auto' }).spec;
    expect(fit).toMatchObject({ from: 4 ** -1.1, to: 4 ** 0.1 });
  });

  it('is not looked for where the base diverges', async () => {
    const spec = specOf('sgd', 1e6, 4, 60);
    const far = { ...spec, data: { ...spec.data, inputScale: 100 } };
    expect((await run(far)).fit).toBeUndefined();
  });
});

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
