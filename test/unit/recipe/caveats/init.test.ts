import { describe, expect, it } from 'vitest';
import { plansFor } from '../../../../src/recipe/plans/plans';
import type { Field, Plan } from '../../../../src/recipe/plans/plan';
import type { InitMethod } from '../../../../src/recipe/init/init-rows';
import type { Recipe } from '../../../../src/recipe/recipe';
import { recipeWith } from '../../../support/recipe';

const support = { settable: new Set<Field>(['alpha', 'learningRate', 'weightDecay', 'eps', 'maxGradNorm']) };

function symmetric(init: InitMethod, more: Partial<Recipe> = {}): Plan {
  const recipe = { ...recipeWith({ learningRate: 1e-4, warmup: 0 }), init, ...more };
  const plan = plansFor(recipe, 64, support).plans.find(({ id }) => id === 'symmetric');
  if (!plan) throw new Error('no symmetric plan');
  return plan;
}
const codes = ({ caveats }: Plan): string[] => caveats.map(({ code }) => code);

describe('caveats of inits', () => {
  it.each(['olora', 'lora-ga'] as const)('lets %s be nearly exact, by code that mends the frozen weights', (init) => {
    const plan = symmetric(init);
    expect(plan).toMatchObject({ exactness: 'nearly', needsInitCode: true });
    expect(codes(plan)).toContain('init-subtracts-scaling');
  });

  it('has nothing against LoftQ, which never looks at the scaling', () => {
    expect(symmetric('loftq').exactness).toBe('exact');
  });

  it.each(['loftq', 'random-b'] as const)('minds DoRA’s magnitudes where %s fills B before they are taken', (init) => {
    expect(codes(symmetric(init, { useDora: true }))).toContain('dora-norms-too-early');
    expect(codes(symmetric(init))).not.toContain('dora-norms-too-early');
    expect(codes(symmetric('kaiming-uniform', { useDora: true }))).not.toContain('dora-norms-too-early');
  });
});
