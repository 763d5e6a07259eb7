import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecipeError, type Recipe } from '../../../src/recipe/recipe';
import { destinationOf, type Destination, type Target } from '../../../src/recipe/target';
import { recipeWith } from '../../support/recipe';

const free = { canSwitchRslora: true };
function reached(target: number | Target, recipe: Recipe = recipeWith(), limits = free): Destination {
  const destination = destinationOf(recipe, target, limits);
  if ('refusal' in destination) throw new Error(destination.refusal.code);
  return destination;
}
function refused(target: Target, recipe = recipeWith(), limits = free): string {
  const destination = destinationOf(recipe, target, limits);
  return 'refusal' in destination ? destination.refusal.code : 'none';
}

describe('destinationOf', () => {
  it('takes a number for an alpha', () => {
    expect(reached(64)).toEqual({ alpha: 64, scalingRule: 'standard', scaling: 4, k: 4 });
    expect(reached({})).toMatchObject({ alpha: 16, k: 1 });
  });

  it('switches the rule at the present alpha, or at another', () => {
    expect(reached({ rslora: true })).toEqual({ alpha: 16, scalingRule: 'rslora', scaling: 4, k: 4 });
    expect(reached({ rslora: true, alpha: 8 })).toMatchObject({ alpha: 8, k: 2 });
    const stable = recipeWith({ scalingRule: 'rslora', scaling: 4 });
    expect(reached({ rslora: false }, stable)).toMatchObject({ scalingRule: 'standard', k: 1 / 4 });
    expect(reached({ rslora: true }, stable).k).toBe(1);
  });

  it('finds the alpha of a scaling, under the rule that will hold', () => {
    expect(reached({ scaling: 2 })).toMatchObject({ alpha: 32, k: 2 });
    expect(reached({ scaling: 2, rslora: true })).toMatchObject({ alpha: 8, k: 2 });
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
        fc.integer({ min: 1, max: 512 }),
        (scaling, rank) => {
          const recipe = recipeWith({ rank, alpha: rank, scaling: 1 });
          expect(reached({ scaling }, recipe).k / scaling).toBeCloseTo(1, 5);
        },
      ),
    );
  });

  it('names the whole alphas beside a scaling that needs a fraction', () => {
    const whole = { ...free, wholeAlpha: true };
    expect(() => reached({ scaling: 1.3 }, recipeWith(), whole)).toThrow(
      /20 \(scaling 1\.25\) or 21 \(scaling 1\.3125\)/,
    );
    expect(reached({ scaling: 1.25 }, recipeWith(), whole).alpha).toBe(20);
  });

  it.each([0, -1, Number.NaN, Infinity, 1e9])('cannot use the scaling %s', (scaling) => {
    expect(() => reached({ scaling })).toThrow(RecipeError);
  });

  it('takes no two numbers for one', () => {
    expect(() => reached({ scaling: 2, alpha: 32 })).toThrow(/both given/);
  });

  it('refuses another rank, and a rule that cannot be written', () => {
    expect(refused({ rank: 32, alpha: 64 })).toBe('rank-changed');
    expect(refused({ rank: 16, alpha: 64 })).toBe('none');
    expect(refused({ rslora: true }, recipeWith(), { canSwitchRslora: false })).toBe('rslora-not-settable');
    const direct = recipeWith({ scalingRule: 'direct', alpha: 20, scaling: 20 });
    expect(refused({ rslora: true }, direct)).toBe('rslora-not-settable');
  });
});
