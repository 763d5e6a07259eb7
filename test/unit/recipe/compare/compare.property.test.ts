import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare } from '../../../../src/recipe/compare/compare-recipes';
import { initRow } from '../../../../src/recipe/init/init-rows';
import { scalingOf, type Recipe } from '../../../../src/recipe/recipe';
import type { SameRunWay } from '../../../../src/recipe/compare/same-run';
import { anyRecipe, magnitudes } from '../../../support/recipes';

const changes = magnitudes(1e-2, 1e2).filter((c) => Math.abs(c - 1) > 1e-3);
/** Shrinking recipes can take minutes; what was drawn says enough. */
const MANY = { numRuns: 1000, endOnFailure: true };
const UNTOUCHED = { A: 1, B: 1 };

/** `recipe` with the numbers of `way`. */
function follow(recipe: Recipe, { changes }: SameRunWay): Recipe {
  let next = recipe;
  for (const { field, to } of changes) {
    if (field === 'init') continue;
    if (typeof to !== 'number') throw new Error(`no number for ${field}`);
    const { optimizer } = next;
    if (field === 'alpha') next = { ...next, alpha: to, scaling: scalingOf(next.scalingRule, to, next.rank) };
    else if (
      field === 'learningRate' ||
      field === 'loraplusLrRatio' ||
      field === 'maxGradNorm' ||
      field === 'maxGradValue'
    )
      next = { ...next, [field]: to };
    else if (field === 'eps' || field === 'weightDecay') next = { ...next, optimizer: { ...optimizer, [field]: to } };
    else next = { ...next, optimizer: { ...optimizer, constants: { ...optimizer.constants, [field]: to } } };
  }
  return next;
}

// That every exact plan, as it is written, is the same run: plans/plans.property.test.ts.
describe('compare', () => {
  it('gives changes that make the second the same run as the first', () => {
    fc.assert(
      fc.property(anyRecipe, changes, changes, changes, ({ recipe, row }, k, lr, other) => {
        const alpha = recipe.alpha * k;
        const second: Recipe = {
          ...recipe,
          alpha,
          scaling: scalingOf(recipe.scalingRule, alpha, recipe.rank),
          learningRate: (recipe.learningRate ?? 1) * lr,
          maxGradNorm: other,
          optimizer: { ...recipe.optimizer, weightDecay: row.decay === 'none' ? null : other },
        };
        const { same, ways } = compare(recipe, second);
        // Rate, threshold and decay can be drawn so that they make up for the scaling: then nothing is to be changed.
        if (same === true) return expect(ways).toEqual([]);
        // Only where A does not train, and its init goes with alpha, can no number make up for it.
        if (!(row.frozen && initRow(recipe.init)?.A.scaling)) {
          expect(ways.filter(({ left }) => left.length === 0)).not.toEqual([]);
        }
        for (const way of ways) {
          const result = compare(recipe, follow(second, way), { init: [UNTOUCHED, way.init] });
          const differing = result.compared.filter(({ same }) => same !== true).map(({ key }) => key);
          expect(result.same).toBe(way.left.length === 0);
          expect(differing.length === 0).toBe(way.left.length === 0);
        }
      }),
      MANY,
    );
  });

  it('does not depend on which comes first', () => {
    fc.assert(
      fc.property(anyRecipe, anyRecipe, ({ recipe: one }, { recipe: other }) => {
        const [there, back] = [compare(one, other), compare(other, one)];
        expect(there.same).toBe(back.same);
        for (const { key, ratio } of there.compared) {
          const inverse = back.compared.find((each) => each.key === key)?.ratio ?? null;
          expect(ratio === null).toBe(inverse === null);
          if (ratio !== null && inverse !== null) expect(ratio * inverse).toBeCloseTo(1, 4);
        }
      }),
      { ...MANY, numRuns: 300 },
    );
  });
});
