import { describe, expect, it } from 'vitest';
import { plannedAt } from '../../../../src/experiment/fit/run-fit';
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
