import { describe, expect, it } from 'vitest';
import { RecipeError, scalingOf } from '../../../src/recipe/recipe';

// How it grows, and what undoes it: algebra.property.test.ts.
describe('scalingOf', () => {
  it('is alpha/r, alpha/√r or the number itself', () => {
    expect(scalingOf('standard', 16, 8)).toBe(2);
    expect(scalingOf('rslora', 16, 16)).toBe(4);
    expect(scalingOf('direct', 20, 8)).toBe(20);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, 1e-300])('refuses alpha %s by name', (alpha) => {
    expect(() => scalingOf('standard', alpha, 8)).toThrow(RecipeError);
    expect(() => scalingOf('standard', alpha, 8)).toThrow(/alpha is .* must be a number above 0/);
  });

  it.each([0, -4, 1.5, Number.NaN, 1e9])('refuses rank %s by name', (rank) => {
    expect(() => scalingOf('standard', 16, rank)).toThrow(/rank is .* must be a whole number/);
  });
});
