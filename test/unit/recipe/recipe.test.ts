import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alphaFor, RecipeError, scalingOf, type ScalingRule } from '../../../src/recipe/recipe';

const rules = fc.constantFrom<ScalingRule>('standard', 'rslora', 'direct');
const alphas = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
const ranks = fc.integer({ min: 1, max: 4096 });

describe('scalingOf', () => {
  it('is alpha/r, alpha/√r or the number itself', () => {
    expect(scalingOf('standard', 16, 8)).toBe(2);
    expect(scalingOf('rslora', 16, 16)).toBe(4);
    expect(scalingOf('direct', 20, 8)).toBe(20);
  });

  it('grows with alpha', () => {
    fc.assert(
      fc.property(rules, alphas, ranks, fc.double({ min: 1.01, max: 10, noNaN: true }), (rule, alpha, rank, k) => {
        expect(scalingOf(rule, alpha * k, rank)).toBeGreaterThan(scalingOf(rule, alpha, rank));
      }),
    );
  });

  it('is undone by alphaFor', () => {
    fc.assert(
      fc.property(rules, alphas, ranks, (rule, alpha, rank) => {
        expect(alphaFor(rule, scalingOf(rule, alpha, rank), rank)).toBeCloseTo(alpha, 9);
      }),
    );
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e308, 1e-300])('refuses alpha %s by name', (alpha) => {
    expect(() => scalingOf('standard', alpha, 8)).toThrow(RecipeError);
    expect(() => scalingOf('standard', alpha, 8)).toThrow(/alpha is .* must be a number above 0/);
  });

  it.each([0, -4, 1.5, Number.NaN, 1e9])('refuses rank %s by name', (rank) => {
    expect(() => scalingOf('standard', 16, rank)).toThrow(/rank is .* must be a whole number/);
  });
});
