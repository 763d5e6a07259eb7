import { describe, expect, it } from 'vitest';
import { plannedAt, runFit } from '../../../../src/experiment/fit/run-fit';
import { specFor } from '../../../../src/experiment/specs/spec-for';
import type { ExperimentSpec, VariantSpec } from '../../../../src/experiment/spec';
import { deviationsOf } from '../../../../src/experiment/verdict/deviations';
import { plansFor } from '../../../../src/recipe/plans/plans';
import { everyKnob, recipeWith } from '../../../support/recipe';
import { run } from '../support/lab';

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
    ['adamw', 3e-4, 16],
    ['lion', 1e-4, 4],
  ])('is the closest of those tried: %s at %d, k = %d', async (row, learningRate, k) => {
    const { fit: range, ...spec } = specOf(row, learningRate, k);
    const { from, to, count } = range ?? { from: NaN, to: NaN, count: NaN };
    const { fit, losses } = await run({ ...spec, ...(range ? { fit: range } : {}) });
    const [base, planned] = [of(spec, 'base'), of(spec, 'rescaled')];
    const factors = Array.from({ length: count }, (_, i) => from * (to / from) ** (i / (count - 1)));
    const grid = factors.map((factor, i) => plannedAt(base, planned, factor, `grid-${i}`));
    const brute = await run({ ...spec, variants: [base, ...grid] });
    const worst = (curve: readonly number[] = []): number => Math.max(...deviationsOf(curve, losses[0] ?? []));
    const found = brute.losses.slice(1).map(worst);
    const least = Math.min(worst(losses[1]), ...found);
    expect(fit?.deviation).toBe(least);
    expect(fit?.lr).toBe(factors[found.indexOf(least)] ?? planned.a.lr / base.a.lr);
    // It still is another run.
    expect(least).toBeGreaterThan(1e-3);
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

it('passes over rates that explode, and finds none where all do, or where it was stopped', async () => {
  const spec = specOf('adamw', 3e-4, 4, 3);
  const base = [3, 2, 1];
  const losses = spec.variants.map(({ role }) => (role === 'rescaled' ? [3, 2, NaN] : base));
  const exploding =
    (most: number, stopped = false) =>
    ({ variants }: ExperimentSpec) => {
      const curves = variants.map(({ a }) => base.map((loss, i) => (i === 2 && a.lr > most ? NaN : loss + 1e3 * a.lr)));
      return Promise.resolve({ losses: curves, stopped });
    };
  expect((await runFit(spec, losses, exploding(3e-4 * 0.5)))?.lr).toBeCloseTo(spec.fit?.from ?? NaN, 12);
  expect(await runFit(spec, losses, exploding(0))).toBeNull();
  expect(await runFit(spec, losses, exploding(1, true))).toBeNull();
});
