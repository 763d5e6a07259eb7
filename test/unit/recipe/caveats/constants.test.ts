import { describe, expect, it } from 'vitest';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Plan } from '../../../../src/recipe/plans/plan';
import type { Recipe } from '../../../../src/recipe/recipe';
import { everyKnob, recipeWith } from '../../../support/recipe';

function symmetric(recipe: Partial<Recipe>, alpha: number, support = everyKnob): Plan {
  const found = plansFor(recipeWith(recipe), alpha, support).plans.find(({ id }) => id === 'symmetric');
  if (!found) throw new Error('no symmetric plan');
  return found;
}
const under = (row: string): Partial<Recipe> => ({
  maxGradNorm: 0,
  optimizer: { ...recipeWith().optimizer, name: row, row, weightDecay: 0 },
});

describe('what torch adds to the norm before it clips', () => {
  it.each([
    [4, '5e-7 / norm'],
    [1 / 4, '1e-6 / norm'],
  ])('is said as a formula, at k = %s', (k, words) => {
    const recipe = recipeWith({ maxGradNorm: 1 });
    const { caveats } = symmetric(recipe, recipe.alpha * k);
    expect(caveats.find(({ code }) => code === 'clip-epsilon')?.message).toContain(words);
  });
});

describe('an optimizer that steps in bfloat16', () => {
  it('is exact where the gradients grow by a power of two', () => {
    const { alpha } = recipeWith();
    expect(symmetric(under('muon'), alpha * 4).exactness).toBe('exact');
    expect(symmetric(under('muon'), alpha * 3).caveats.map(({ code }) => code)).toContain('steps-in-bfloat16');
    expect(symmetric(under('muon'), alpha * 3).exactness).toBe('approximate');
  });
});

describe('an eps that cannot move', () => {
  const withoutEps = { ...everyKnob, settable: new Set([...everyKnob.settable].filter((field) => field !== 'eps')) };
  it.each([
    [1e-8, 'nearly'],
    [1e-6, 'approximate'],
  ])('of %s keeps the plan from being more than %s', (eps, exactness) => {
    const optimizer = { ...recipeWith().optimizer, name: 'adamw', row: 'adamw', weightDecay: 0, eps };
    expect(symmetric({ maxGradNorm: 0, optimizer }, recipeWith().alpha * 4, withoutEps).exactness).toBe(exactness);
  });
});
