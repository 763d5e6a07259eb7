import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rescale } from '../../../src/recipe/gauge';
import { initRow, isAutomatic } from '../../../src/recipe/init/init-rows';
import { lrPower } from '../../../src/recipe/optimizers/optimizer-row';
import { scalingOf, type Recipe } from '../../../src/recipe/recipe';
import { signatureOf, valueOf, type QuantityKey, type Signature } from '../../../src/recipe/signature';
import { anyRecipe, magnitudes, movedRecipe } from '../../support/recipes';

const RUNS = { numRuns: 1000 };
const changes = magnitudes(1e-2, 1e2).filter((c) => Math.abs(c - 1) > 1e-3);

/** The largest relative difference between both, of all quantities or those that `counts` names. */
function distance(one: Signature, other: Signature, counts: (key: QuantityKey) => boolean = () => true): number {
  const keys = (Object.keys(one.quantities) as QuantityKey[]).filter(counts);
  return Math.max(
    0,
    ...keys.map((key) => {
      const [mine, its] = [one, other].map(({ quantities }) => quantities[key] && valueOf(quantities[key]));
      return mine === its ? 0 : Math.abs((its ?? NaN) / (mine ?? NaN) - 1);
    }),
  );
}

/** What code still has to put on the fresh factors under a gauge: PiSSA and CorDA have done 1/√k by themselves. */
function codeFor(recipe: Recipe, k: number, init: { A: number; B: number }): { A: number; B: number } {
  const row = initRow(recipe.init);
  const own = row && isAutomatic(row) ? Math.sqrt(k) : 1;
  return { A: init.A * own, B: init.B * own };
}

describe('a signature', () => {
  it.each(['A', 'B'] as const)('is the same under every gauge of every row, in what is used on %s', (factor) => {
    fc.assert(
      fc.property(anyRecipe, changes, changes, ({ recipe, row }, p, q) => {
        fc.pre(row.frozen === undefined);
        const moved = rescale(row, p * q, { p, q });
        const init = codeFor(recipe, p * q, { A: moved.a.init, B: moved.b.init });
        const twin = signatureOf(movedRecipe(recipe, row, moved, factor), { init });
        // A rate that cannot be set cannot move; the first steps of some optimizers go by another power.
        const holds = (key: QuantityKey): boolean =>
          !key.startsWith('early') &&
          key !== 'balance' &&
          !(row.rate === 'fixed' && (key === 'pace' || key === 'reach'));
        const ownKeys = (key: QuantityKey): boolean =>
          holds(key) && [factor, null].includes(twin.quantities[key]?.factor as 'A' | null);
        expect(distance(signatureOf(recipe), twin, ownKeys)).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });

  it('is the same, whole, under the best gauge of every exact row', () => {
    fc.assert(
      fc.property(anyRecipe, changes, ({ recipe, row }, k) => {
        fc.pre(!row.early && (row.rate !== 'fixed' || lrPower(row) === 0));
        fc.pre(!(row.frozen && initRow(recipe.init)?.A.scaling));
        const moved = rescale(row, k, row.frozen ? 'keep-init' : 'symmetric');
        const init = codeFor(recipe, k, { A: moved.a.init, B: moved.b.init });
        expect(
          distance(signatureOf(recipe), signatureOf(movedRecipe(recipe, row, moved, row.frozen ? 'B' : 'A'), { init })),
        ).toBeLessThan(1e-9);
      }),
      RUNS,
    );
  });

  it('says where the first steps go by another power', () => {
    fc.assert(
      fc.property(anyRecipe, changes, ({ recipe, row }, k) => {
        fc.pre(row.early !== undefined);
        const moved = rescale(row, k, 'symmetric');
        const init = codeFor(recipe, k, { A: moved.a.init, B: moved.b.init });
        expect(distance(signatureOf(recipe), signatureOf(movedRecipe(recipe, row, moved), { init }))).toBeGreaterThan(
          1e-4,
        );
      }),
      { numRuns: 200 },
    );
  });

  it('has no gauge with p ≠ q that leaves a clip threshold, or a state A and B share, alone', () => {
    fc.assert(
      fc.property(anyRecipe, changes, magnitudes(1e-2, 1e2), ({ recipe, row }, k, p) => {
        fc.pre(Math.abs(p / Math.sqrt(k) - 1) > 1e-3 && row.frozen === undefined);
        const moved = rescale(row, k, { p, q: k / p });
        const init = codeFor(recipe, k, { A: moved.a.init, B: moved.b.init });
        const shared = (key: QuantityKey): boolean => key.startsWith('clip') || key === 'balance';
        const twin = signatureOf(movedRecipe(recipe, row, moved, 'A'), { init });
        expect(distance(signatureOf(recipe), twin, shared)).toBeGreaterThan(1e-4);
      }),
      RUNS,
    );
  });

  it('is another when any single number is', () => {
    fc.assert(
      fc.property(anyRecipe, changes, fc.nat(), ({ recipe, row }, factor, pick) => {
        const others = perturbed(recipe, factor, row.rate === 'fixed');
        const other = others[pick % others.length];
        if (!other) throw new Error('nothing to perturb');
        expect(distance(signatureOf(recipe), signatureOf(other.recipe, { init: other.init }))).toBeGreaterThan(1e-5);
      }),
      { numRuns: 2000 },
    );
  });

  it('is another under the rule lr/k wherever that is not the rule', () => {
    fc.assert(
      fc.property(anyRecipe, changes, ({ recipe, row }, k) => {
        fc.pre(lrPower(row) !== -2 && row.rate !== 'fixed');
        const moved = rescale(row, k, 'symmetric');
        const wrong = { ...movedRecipe(recipe, row, moved), learningRate: (recipe.learningRate ?? 0) / k };
        const init = codeFor(recipe, k, { A: moved.a.init, B: moved.b.init });
        expect(distance(signatureOf(recipe), signatureOf(wrong, { init }))).toBeGreaterThan(1e-5);
      }),
      RUNS,
    );
  });

  it('is another when alpha is changed alone', () => {
    fc.assert(
      fc.property(anyRecipe, changes, ({ recipe }, k) => {
        const alpha = recipe.alpha * k;
        const other = { ...recipe, alpha, scaling: scalingOf(recipe.scalingRule, alpha, recipe.rank) };
        expect(distance(signatureOf(recipe), signatureOf(other))).toBeGreaterThan(1e-5);
      }),
      RUNS,
    );
  });
});

/** `recipe` with one number times `factor`, for every number it trains with. */
function perturbed(
  recipe: Recipe,
  factor: number,
  isRateFixed: boolean,
): { recipe: Recipe; init: { A: number; B: number } }[] {
  const init = { A: 1, B: 1 };
  const { optimizer } = recipe;
  const as = (fields: Partial<Recipe>): { recipe: Recipe; init: typeof init } => ({
    recipe: { ...recipe, ...fields },
    init,
  });
  const times = (value: number): number => value * factor;
  const optimizers: Partial<Recipe['optimizer']>[] = [
    ...(optimizer.eps === null ? [] : [{ eps: times(optimizer.eps) }]),
    ...(optimizer.weightDecay === null ? [] : [{ weightDecay: times(optimizer.weightDecay) }]),
    ...Object.entries(optimizer.constants).map(([id, value]) => ({
      constants: { ...optimizer.constants, [id]: times(value) },
    })),
  ];
  return [
    ...(isRateFixed ? [] : [as({ learningRate: times(recipe.learningRate ?? 1) })]),
    ...(isRateFixed ? [] : [as({ loraplusLrRatio: times(recipe.loraplusLrRatio ?? 1) })]),
    as({ maxGradNorm: times(recipe.maxGradNorm ?? 1) }),
    ...optimizers.map((fields) => as({ optimizer: { ...optimizer, ...fields } })),
    { recipe, init: { A: factor, B: 1 } },
  ];
}
